import { expect, test } from 'vitest';
import { ChatRequest, readConversation } from '../../src/scenario/rehearsal/conversation.ts';
import { playNext } from '../../src/scenario/rehearsal/play.ts';
import { RehearsalScript } from '../../src/scenario/rehearsal/script.ts';

const { finance: lines = [] } = RehearsalScript.parse({
  finance: [
    {
      when: { told: 'budget' },
      take: { amount: 'of (\\d+)' },
      call: { tool: 'request_approval', with: { amount: '{{ amount }}' } },
    },
    { when: { after: 'request_approval' }, say: 'I wait for {{ results.request_approval.id }}.' },
    { when: { told: 'approved' }, call: { tool: 'complete_task' } },
    { when: { after: 'complete_task', results: { 'complete_task.status': 'completed' } }, say: 'Done.' },
  ],
});

type Message = ChatRequest['messages'][number];

const user = (content: string): Message => ({ role: 'user', content });
const said = (content: string): Message => ({ role: 'assistant', content });
const called = (id: string, name: string): Message => {
  return {
    role: 'assistant',
    content: null,
    tool_calls: [{ id, function: { name: `mesh__${name}`, arguments: '{}' } }],
  };
};
const result = (id: string, value: unknown): Message => ({
  role: 'tool',
  tool_call_id: id,
  content: JSON.stringify(value),
});

function play(...messages: Message[]) {
  return playNext(lines, readConversation(ChatRequest.parse({ model: 'm', messages })));
}

test('a call takes values out of what was told, and carries the number of its line', () => {
  const reply = play(user('a budget of 500'));
  expect(reply?.call).toMatchObject({ name: 'mesh__request_approval', arguments: '{"amount":"500"}' });
  expect(reply?.call?.id).toMatch(/^line_0_/);
});

test('the line after a result uses its values', () => {
  const reply = play(
    user('a budget of 500'),
    called('line_0_a', 'request_approval'),
    result('line_0_a', { id: 'A1' }),
  );
  expect(reply).toMatchObject({ line: 1, say: 'I wait for A1.', call: undefined });
});

test('a message that a line waits for comes before a line that was never said', () => {
  const history = [
    user('a budget of 500'),
    called('line_0_a', 'request_approval'),
    result('line_0_a', { id: 'A1' }),
  ];
  expect(play(...history, user('approved'))).toMatchObject({ line: 2 });
  expect(play(...history, said('I wait for A1.'), user('approved'))).toMatchObject({ line: 2 });
});

test('a call that the conversation lost is made again', () => {
  expect(
    play(user('a budget of 500'), user('You were interrupted. The last message was: a budget of 500')),
  ).toMatchObject({ line: 0 });
});

test('a call that was cut off is made again', () => {
  const cutOff: Message = {
    role: 'tool',
    tool_call_id: 'line_0_a',
    content: 'Tool call was interrupted before completing',
  };
  expect(play(user('a budget of 500'), called('line_0_a', 'request_approval'), cutOff)).toMatchObject({
    line: 0,
  });
});

test('of two messages that became one the later is answered', () => {
  expect(play(user('a budget of 500\n\napproved'))).toMatchObject({ line: 2 });
});

test('the same conversation always gets the same reply', () => {
  const first = play(user('a budget of 500'));
  expect(play(user('a budget of 500'))).toEqual(first);
});

test('what no line fits gets no reply', () => {
  expect(play(user('hello'))).toBeUndefined();
  const end = [
    user('budget of 1'),
    called('line_2_a', 'complete_task'),
    result('line_2_a', { status: 'refused' }),
  ];
  expect(play(...end)).toBeUndefined();
});
