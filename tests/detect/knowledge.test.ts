import { describe, expect, test } from 'vitest';
import { GuardRule, Knowledge } from '../../src/core/knowledge.ts';
import { detect } from '../../src/detect/detect.ts';
import { createDirectory, type DirectoryEntry } from '../../src/detect/directory/directory.ts';
import { createJudge } from '../../src/detect/knowledge.ts';

function found(text: string, lists: object, entries: readonly DirectoryEntry[] = [], field?: string) {
  const directory = createDirectory();
  for (const entry of entries) directory.add(entry);
  const judge = createJudge(Knowledge.parse(lists), directory);
  return detect(text, { judge, field }).map(({ kind, start, end }) => [kind, text.slice(start, end)]);
}

describe('the allow list', () => {
  test('keeps a value from being masked, and no other', () => {
    expect(found('info@acme.example, jane@acme.example', { allow: ['info@acme.example'] })).toEqual([
      ['EMAIL', 'jane@acme.example'],
    ]);
  });

  test('holds for the directory as well', () => {
    const entries = [{ kind: 'PERSON', value: 'Zofia Brandt' }] as const;
    expect(found('Zofia Brandt', { allow: ['Zofia Brandt'] }, entries)).toEqual([]);
  });

  test('does not open a longer value that holds an allowed one', () => {
    expect(found('x.info@acme.example', { allow: ['info@acme.example'] })).toEqual([
      ['EMAIL', 'x.info@acme.example'],
    ]);
  });
});

describe('the deny list', () => {
  test('hides a value that no detector knows, in any case', () => {
    expect(found('About PROJECT bluebird', { deny: ['Project Bluebird'] })).toEqual([
      ['SECRET', 'PROJECT bluebird'],
    ]);
  });

  test('says of which kind it is, and wins over what is allowed', () => {
    const lists = { allow: ['Bluebird Street'], deny: [{ value: 'Bluebird', kind: 'ORGANISATION' }] };
    expect(found('Bluebird Street', lists)).toEqual([['ORGANISATION', 'Bluebird']]);
  });
});

describe('a rule', () => {
  const rule = { name: 'badge', kind: 'EMPLOYEE_ID', pattern: 'B-\\d{4}' };

  test('finds its pattern, at its place in the original text', () => {
    expect(found('😀 badge B-1234.', { rules: [rule] })).toEqual([['EMPLOYEE_ID', 'B-1234']]);
  });

  test('with context words counts only near one of them, or in a field of that name', () => {
    const rules = [{ ...rule, context: ['badge', 'c++'] }];
    expect(found('badge: B-1234', { rules })).toHaveLength(1);
    expect(found('B-1234', { rules }, [], 'badge')).toHaveLength(1);
    expect(found('part B-1234', { rules })).toEqual([]);
  });

  test.each(['(a)\\1', '(?=a)b', '(?<!a)b', '(a', 'a*', ''])('with the pattern %j is refused', (pattern) => {
    expect(GuardRule.safeParse({ ...rule, pattern }).success).toBe(false);
  });

  test('that takes exponential time elsewhere is linear here', () => {
    expect(found(`${'a'.repeat(50_000)}!`, { rules: [{ ...rule, pattern: '(a+)+$' }] })).toEqual([]);
  });
});
