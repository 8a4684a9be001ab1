import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MeshEvent } from '../../src/core/event.ts';
import type { AuditedCall } from '../../src/core/guard.ts';
import type { Page } from '../../src/core/page.ts';
import type { RoleMode } from '../../src/core/privacy.ts';
import { openWorkspace, type Workspace } from './support/cli.ts';

const TEXT = 'Dear Jane,\nwrite to jane@acme.io, SSN 536-22-8724, or jane@acme.io again.\n';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace({
    'letter.txt': TEXT,
    'letter.json': JSON.stringify({ to: 'jane@acme.io' }),
  });
  await writeFile(join(workspace.dir, 'image.png'), Buffer.from([0x89, 0xff, 0xfe]));
});
afterAll(() => workspace[Symbol.asyncDispose]());

test('scan tells what it finds, a line each or as JSON with offsets', async () => {
  const { stdout } = await workspace.run(['guard', 'scan', 'letter.txt']);
  expect(stdout).toMatch(/^2:10 +EMAIL +0\.\d+ +jane@acme\.io$/m);
  const spans = await workspace.json<{ start: number; end: number; text: string }[]>(
    'guard',
    'scan',
    'letter.txt',
  );
  expect(spans.map(({ start, end }) => TEXT.slice(start, end))).toEqual(spans.map(({ text }) => text));
  expect(spans).toMatchObject([{ kind: 'EMAIL' }, { kind: 'US_SSN' }, { kind: 'EMAIL' }]);
});

test('mask prints the text with one placeholder for each value', async () => {
  const { stdout } = await workspace.run(['guard', 'mask', 'letter.txt']);
  const [, first = 'none'] = /to (\[EMAIL_\w+\]), SSN \[US_SSN_\w+\]/.exec(stdout) ?? [];
  expect(stdout).toContain(`or ${first} again.`);
  expect(stdout).not.toMatch(/jane@|536-22/);
});

test('mask keeps JSON as JSON, and counts', async () => {
  const { text, masked } = await workspace.json<{ text: string; masked: unknown }>(
    'guard',
    'mask',
    'letter.json',
  );
  expect(masked).toEqual({ EMAIL: 1 });
  expect(JSON.parse(text)).toEqual({ to: expect.stringMatching(/^\[EMAIL_\w+\]$/) as string });
});

test('both read standard input', async () => {
  const scan = workspace.start(['guard', 'scan', '-']);
  scan.stdin.end('to jane@acme.io');
  expect((await scan).stdout).toContain('jane@acme.io');
});

test.each(['image.png', 'nowhere.txt'])('%s is no text', async (file) => {
  expect(await workspace.run(['guard', 'scan', file])).toMatchObject({ code: 2, stdout: '' });
});

test('modes are listed and switched, calls are audited', async () => {
  await writeFile(join(workspace.dir, 'mesh.yaml'), 'agents: [{ role: finance }]\n');
  const up = await workspace.run(['up', '--engine', 'process']);
  expect(up.stderr).toBe('');
  expect((await workspace.run(['guard', 'mode'])).stdout).toMatch(/^finance +auto +auto +auto, strict$/m);
  expect(await workspace.json<RoleMode[]>('guard', 'mode', 'finance', 'strict')).toMatchObject([
    { mode: 'strict' },
  ]);
  const refused = await workspace.run(['guard', 'mode', 'finance', 'bypass']);
  expect(refused).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('privacy.may_override') as string,
  });
  expect((await workspace.run(['guard', 'mode', 'nobody'])).code).toBe(2);
  const exported = await workspace.run(['audit', 'export', '--kind', 'guard.mode_set']);
  expect(JSON.parse(exported.stdout) as MeshEvent).toMatchObject({
    subject: 'role:finance',
    data: { mode: 'strict' },
  });
  // The rehearsal model plays scenarios alone: the call fails, and leaves its row.
  await workspace.run(['prompt', 'finance', 'Write to jane@acme.io']);
  const audit = ['guard', 'audit', '--agent', 'finance'];
  const listed = await workspace.json<Page<AuditedCall>>(...audit);
  expect(listed.items.filter(({ shape }) => shape === 'openai-chat')).toContainEqual(
    expect.objectContaining({ mode: 'strict', status: 400, masked: { EMAIL: 1 } }),
  );
  expect(await workspace.json(...audit, '--limit', '1')).toMatchObject({
    items: [expect.anything()],
    next: expect.any(String) as string,
  });
  expect((await workspace.run(['guard', 'audit'])).stdout).toMatch(/finance .* strict +400 +1 EMAIL/);
  expect(await workspace.json<RoleMode[]>('guard', 'mode', 'finance', 'profile')).toMatchObject([
    { mode: 'auto' },
  ]);
});
