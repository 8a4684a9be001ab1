import { expect, test } from 'vitest';
import { PrivacyPolicy } from '../../src/core/privacy.ts';
import { ask, runGuard } from './support/guard.ts';
import { sendJson } from './support/http.ts';
import { completion, echo } from './support/provider.ts';

const runWith = (policy: unknown) => runGuard({ privacy: PrivacyPolicy.parse(policy) });
const TEXT = 'to jane@acme.io, SSN 536-22-8724';

test('only the kinds of the profile are masked', async () => {
  await using guard = await runWith({ kinds: ['US_SSN'] });
  await guard.chat(ask(TEXT));
  const body = guard.provider.received[0]?.body;
  expect(body).toContain('jane@acme.io');
  expect(body).not.toContain('536-22-8724');
});

test('what a detector is less sure of than the profile wants passes', async () => {
  await using guard = await runWith({ thresholds: { EMAIL: 1 } });
  await guard.chat(ask(TEXT));
  const body = guard.provider.received[0]?.body;
  expect(body).toContain('jane@acme.io');
  expect(body).not.toContain('536-22-8724');
});

test.each([
  ['mask', 200, false],
  ['allow', 200, true],
  ['refuse', 422, false],
])('with output: %s, data that only the model produced is answered with %d', async (output, status, told) => {
  await using guard = await runWith({ output });
  guard.provider.answer = (response) => {
    sendJson(response, 200, completion({ role: 'assistant', content: 'Ask joe@acme.io.' }));
  };
  const answer = await guard.chat(ask('Whom?'));
  expect(answer.status).toBe(status);
  expect((await answer.text()).includes('joe@acme.io')).toBe(told);
});

const image = (mode: string) => ({ mode, media: 'pass' });
const IMAGE = [{ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }];

test.each([
  ['auto', 200],
  ['strict', 422],
])('an image that the profile lets pass is answered in mode %s with %d', async (mode, status) => {
  await using guard = await runWith(image(mode));
  expect((await guard.chat(ask(IMAGE))).status).toBe(status);
});

test('in mode bypass everything passes as it is, both ways, and the row says so', async () => {
  await using guard = await runWith({ mode: 'bypass' });
  guard.provider.answer = echo;
  const request = ask(TEXT, { of_another_provider: { text: TEXT } });
  const answer = await guard.chat(request);
  expect(await answer.json()).toEqual(completion({ role: 'assistant', content: TEXT }));
  expect(JSON.parse(guard.provider.received[0]?.body ?? '')).toEqual(request);
  await expect
    .poll(() => guard.controller.rows)
    .toMatchObject([{ mode: 'bypass', masked: {}, restored: {}, contained: {} }]);
});
