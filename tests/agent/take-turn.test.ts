import { pino } from 'pino';
import { expect, test } from 'vitest';
import { openRelay } from '../../src/agent/relay/relay.ts';
import { trackActivity } from '../../src/agent/work/activity.ts';
import { takeTurn } from '../../src/agent/work/take-turn.ts';
import { createClient } from '../../src/client/client.ts';
import { openGoose } from './support/goose.ts';

const NOWHERE = 'http://127.0.0.1:9';

test.each([
  ['running', 'died'],
  ['stopped', 'cancelled'],
])('a turn of a %s agent whose Goose has gone has %s', async (state, end) => {
  const log = pino({ level: 'silent' });
  const { goose, conversation } = await openGoose();
  const client = createClient({ baseUrl: NOWHERE, credentials: { client_id: 'a', client_secret: 'b' } });
  await using relay = await openRelay({
    controllerUrl: NOWHERE,
    guardUrl: NOWHERE,
    agentToken: () => client.token(),
    log,
  });
  const id = await goose.open(conversation);
  await goose[Symbol.asyncDispose]();
  const stop = new AbortController();
  if (state === 'stopped') stop.abort();
  const turn = {
    sessionId: 's1',
    conversation: { id, goose },
    message: 'Hello',
    activity: trackActivity(client, 's1', log),
    stop: stop.signal,
  };
  expect(await takeTurn({ relay }, turn)).toEqual({ kind: end });
  await client.close();
});
