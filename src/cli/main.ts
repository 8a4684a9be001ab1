/** Entry of the program. `serve` is the hot path of every container, so it loads nothing of the rest. */
export async function main(argv: readonly string[]): Promise<void> {
  if (argv[0] === 'serve') {
    const { serve } = await import('./serve.ts');
    await serve(argv.slice(1));
  } else if (argv[0] === 'supervise') {
    const { supervise } = await import('./supervise.ts');
    await supervise(argv.slice(1));
  } else {
    const { runProgram } = await import('./program.ts');
    await runProgram(argv);
  }
}
