import { expect, test } from 'vitest';
import { openGoose } from '../support/goose.ts';
import { findGoose } from '../support/goose-processes.ts';

const ignore = () => undefined;

test('a conversation that was closed is held no more, and goes on when it is loaded', async () => {
  const { goose, conversation } = await openGoose();
  const id = await goose.open(conversation);
  await goose.prompt(id, 'One', ignore);
  await goose.close(id);
  await expect(goose.prompt(id, 'Two', ignore)).rejects.toMatchObject({ message: 'Resource not found' });
  await goose.load(id, conversation);
  expect(await goose.prompt(id, 'Two', ignore)).toMatchObject({ stopReason: 'end_turn' });
});

test('closing what is not open, or what a Goose that died had open, does nothing', async () => {
  const { goose, conversation, dataDir } = await openGoose();
  const id = await goose.open(conversation);
  await goose.close('20260101_99');
  for (const pid of await findGoose(dataDir)) process.kill(pid, 'SIGKILL');
  await goose.close(id);
});

test('a conversation without its tools is none: neither a new one nor one that is loaded', async () => {
  const { goose, conversation } = await openGoose();
  const lost = { ...conversation, toolsUrl: `${conversation.toolsUrl}/lost` };
  const refused = { code: 'unavailable', message: 'Goose could not reach the tools of the mesh.' };
  await expect(goose.open(lost)).rejects.toMatchObject(refused);
  const id = await goose.open(conversation);
  await goose.close(id);
  await expect(goose.load(id, lost)).rejects.toMatchObject(refused);
  await goose.load(id, conversation);
  expect(await goose.prompt(id, 'One', ignore)).toMatchObject({ stopReason: 'end_turn' });
});

test('a Goose that was closed is not started again', async () => {
  const { goose, conversation, dataDir } = await openGoose();
  const id = await goose.open(conversation);
  await goose[Symbol.asyncDispose]();
  await expect(goose.prompt(id, 'One', ignore)).rejects.toThrow('Goose was closed');
  await expect(goose.open(conversation)).rejects.toThrow('Goose was closed');
  expect(await findGoose(dataDir)).toEqual([]);
});
