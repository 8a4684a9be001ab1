import { Command, CommanderError } from 'commander';
import { MeshError } from '../core/errors.ts';
import { addAgent } from './commands/agent.ts';
import { addApproval } from './commands/approval.ts';
import { addAudit } from './commands/audit.ts';
import { addDoctor } from './commands/doctor.ts';
import { addDown } from './commands/down.ts';
import { addGuard } from './commands/guard.ts';
import { addLogs } from './commands/logs.ts';
import { addMigrate } from './commands/migrate.ts';
import { addPrompt } from './commands/prompt.ts';
import { addSession } from './commands/session.ts';
import { addStatus } from './commands/status.ts';
import { addTask } from './commands/task.ts';
import { addTest } from './commands/test.ts';
import { addUp } from './commands/up.ts';
import { addGlobalOptions } from './global-options.ts';
import { reportError, tolerateClosedOutput } from './output.ts';
import { readVersion } from './version.ts';

/** Runs one command line. Sets the exit code; never throws. */
export async function runProgram(argv: readonly string[]): Promise<void> {
  tolerateClosedOutput();
  const program = new Command('goose-mesh');
  program
    .description(
      'Run an organisation of Goose agents: durable work, approvals, a privacy guard, and scenarios that prove it.',
    )
    .version(await readVersion())
    .addHelpText('after', EXIT_CODES);
  addCommands(program);
  for (const command of [program, ...descendants(program)]) {
    // Errors are told here, in one way, and not beside a help text that nobody asked for.
    command.configureOutput({ outputError: () => undefined, writeErr: () => undefined });
    command.exitOverride((error) => {
      throw error.exitCode === 0 ? error : toUsage(error, command);
    });
  }
  try {
    if (argv.length === 0) showUsage(program);
    else await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return;
    reportError(error, argv.includes('--json'));
  }
}

/** All that there is to call. */
export function addCommands(program: Command): void {
  addGlobalOptions(program);
  for (const add of COMMANDS) add(program);
}

/** Whoever types the bare name wants to know what there is, but a script that does has made a mistake. */
function showUsage(program: Command): void {
  program.outputHelp();
  process.exitCode = 2;
}

const COMMANDS = [
  addUp,
  addDown,
  addStatus,
  addLogs,
  addDoctor,
  addTest,
  addAgent,
  addSession,
  addTask,
  addApproval,
  addAudit,
  addGuard,
  addMigrate,
  addPrompt,
];

const EXIT_CODES = `
Exit codes:
  0  done, passed
  1  an expectation was not met
  2  usage or configuration
  3  environment: no engine, no port, no database
  70 a bug of ours
  130, 143  ended by Ctrl-C, by SIGTERM`;

export function descendants(command: Command): readonly Command[] {
  return command.commands.flatMap((child) => [child, ...descendants(child)]);
}

/** commander's texts begin with `error:` and may carry a suggestion on a line of its own. */
function toUsage({ message, code }: CommanderError, command: Command): MeshError {
  const path = pathOf(command);
  const help = `${path} --help`;
  if (code === 'commander.help') {
    const known = command.commands.map((child) => child.name()).join(', ');
    return new MeshError('usage', `Expected a command after \`${path}\`: ${known}.`, { hint: help });
  }
  const [first = '', suggestion] = message.replace(/^error: /, '').split('\n');
  const text = `${first.charAt(0).toUpperCase()}${first.slice(1)}.`;
  return new MeshError('usage', text, { hint: suggestion?.replace(/^\(|\)$/g, '') ?? help });
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
