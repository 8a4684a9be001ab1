import { expect, test } from 'vitest';
import { parseYaml } from '../../src/core/yaml-file.ts';
import { runScenario } from '../../src/scenario/run-scenario.ts';
import { Scenario } from '../../src/scenario/schema.ts';
import { startTestMesh } from '../support/mesh.ts';

const SCENARIO = `
name: follow-up
title: Legal asks Finance back before it answers
roles: [finance, legal]
start: { target: finance, type: escalation, description: 'A possible SOX issue in the Q4 expenses.' }
steps:
  - name: Finance asks Legal
    expect:
      - { event: session.activated, where: { data.role: finance }, as: finance }
      - { event: task.routed, where: { data.target: legal }, as: review }
  - name: Legal asks back, and the same conversation of Finance answers
    expect:
      - { event: task.routed, where: { data.asked_session_id: '{{ finance.id }}' }, as: question }
      - { event: task.completed, where: { actor: 'agent:finance', subject: 'task:{{ question.id }}' } }
      - { record: task, id: '{{ question.id }}', has: { result.text: { contains: '6100' }, parent_id: '{{ review.id }}' } }
  - name: Legal answers, and Finance ends its task with the answer
    expect:
      - { event: task.completed, where: { subject: 'task:{{ review.id }}' } }
      - { event: session.completed, where: { subject: 'session:{{ finance.id }}' } }
      - { history: '{{ finance.id }}', events: [activate, pause, resume, pause, resume, complete] }
rehearsal:
  finance:
    - { when: { told: escalation }, call: { tool: send_task, with: { role: legal, description: 'Is that a SOX issue?' } } }
    - { when: { after: send_task }, say: I wait for Legal. }
    - { when: { told: 'Which accounts?' }, say: 'Accounts 6100, 6200 and 6300.' }
    - when: { told: 'completed by agent:legal' }
      call: { tool: complete_task, with: { outcome: done, summary: Legal says that it is none. } }
    - { when: { after: complete_task }, say: That is all. }
  legal:
    - { when: { told: 'Is that a SOX issue?' }, call: { tool: send_task, with: { role: finance, description: 'Which accounts?' } } }
    - { when: { after: send_task }, say: I wait for Finance. }
    - when: { told: 'Accounts 6100' }
      call: { tool: complete_task, with: { outcome: done, summary: It is none. } }
    - { when: { after: complete_task }, say: I have answered. }
`;

test('a question back is answered by the same Goose conversation that waits', async () => {
  await using mesh = await startTestMesh(['finance', 'legal']);
  const run = await runScenario({
    scenario: parseYaml(SCENARIO, 'follow-up.yaml', Scenario),
    client: mesh.controller.as('user:alice'),
    model: mesh.model,
    site: { mesh: 'test', engine: 'none', model: 'rehearsal' },
    signal: AbortSignal.timeout(50_000),
    onEvent: () => undefined,
    onSteps: () => undefined,
  });
  expect([...run.steps, ...run.afterwards].flatMap(({ failure }) => failure ?? [])).toEqual([]);
});
