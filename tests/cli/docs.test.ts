import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { addCommands, descendants } from '../../src/cli/program.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const GUIDES = readdirSync(`${ROOT}docs`).filter((name) => name.endsWith('.md'));

const program = new Command('goose-mesh');
addCommands(program);

test.each(['README.md', 'CHANGELOG.md', ...GUIDES.map((name) => `docs/${name}`)])(
  'the commands and options that %s names exist',
  (path) => {
    const text = readFileSync(`${ROOT}${path}`, 'utf8');
    const calls = [...text.matchAll(/(?:^ {4}.*|`)goose-mesh ((?:--as \w+ )?[a-z][^`#\n]*)/gm)].map(
      ([, call = '']) => call,
    );
    expect(calls.flatMap(listUnknown)).toEqual([]);
  },
);

test('the README links every guide', () => {
  const readme = readFileSync(`${ROOT}README.md`, 'utf8');
  expect(GUIDES.filter((name) => !readme.includes(`](docs/${name})`))).toEqual([]);
});

/** What a call names that is not there. Alternatives (`up | down`) may have the options of any command. */
function listUnknown(call: string): readonly string[] {
  const [name = '', next = ''] = call.replace(/^--as \w+ /, '').split(/\s+/);
  const command = program.commands.find((candidate) => candidate.name() === name);
  // What the containers run is not for people to call.
  if (name === 'serve') return [];
  if (command === undefined) return [call];
  const isGroup = command.commands.length > 0 && /^[a-z]+$/.test(next);
  const child = command.commands.find((candidate) => candidate.name() === next);
  if (isGroup && child === undefined) return [call];
  const near = child ?? command;
  const known = [program, ...(call.includes(' | ') ? descendants(program) : [near, ...descendants(near)])];
  const options = new Set(known.flatMap((one) => one.options.map(({ long }) => long)).concat('--help'));
  return [...call.matchAll(/--[a-z][a-z-]*/g)].flatMap(([option]) =>
    options.has(option) ? [] : [`${call}: ${option}`],
  );
}
