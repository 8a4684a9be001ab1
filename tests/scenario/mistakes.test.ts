import { expect, test } from 'vitest';
import { parseYaml } from '../../src/core/yaml-file.ts';
import { Scenario } from '../../src/scenario/schema.ts';

const scenario = ({ expectation = 'event: task.routed', line = 'say: Hello.' }) => `
name: x
title: X
roles: [finance]
start: { target: finance, type: question, description: Hello }
steps:
  - name: A step
    expect:
      - { ${expectation} }
rehearsal:
  finance:
    - { ${line} }
`;

test.each([
  [
    'an unknown kind of expectation',
    { expectation: 'evnt: task.routed' },
    /^x.yaml:9:9: .*one of event, record/,
  ],
  ['an unknown key of a known one', { expectation: 'event: task.routed, whre: {}' }, /^x.yaml:9:.*whre/],
  ['an unknown event', { expectation: 'event: task.rooted' }, /^x.yaml:9:\d+: steps.0.expect.0.event/],
  [
    'a broken regular expression',
    { line: "say: Hi, take: { a: '(b' }" },
    /^x.yaml:12:\d+: .*Unterminated group/,
  ],
  ['one that takes nothing', { line: 'say: Hi, take: { a: b }' }, /^x.yaml:12:\d+: .*exactly one group/],
  [
    'a broken condition',
    { expectation: "event: task.routed, where: { a: { matches: '[' } }" },
    /^x.yaml:9:\d+: steps.0.expect.0/,
  ],
])('%s is told with its place', (_what, parts, message) => {
  expect(() => parseYaml(scenario(parts), 'x.yaml', Scenario)).toThrow(message);
});
