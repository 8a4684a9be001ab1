import { expect, test } from 'vitest';
import { LOG_KINDS } from '../../src/core/kinds.ts';
import { detect } from '../../src/detect/detect.ts';
import { rewriteJson } from '../../src/detect/json.ts';
import { redact } from '../../src/detect/redact.ts';

/** What every prompt of a mesh is full of. A false alarm here would break tool calls. */
test.each([
  '6f1c1f0e-3c0b-4a57-9b5c-1d2e3f4a5b6c',
  '12345678-1234-4234-8234-123456789012',
  '01234567-0123-4123-8123-012345678901',
  'task:41555501-3212-4000-9000-415555013200',
  '2026-11-22T10:30:00Z',
  '2026-11-22T10:30:00.123456+02:00',
  '2026-11-22 10:30:00',
  '20261122_1',
  '20261122103000',
  '22.11.2026 10:30',
  '11/22/2026',
  '10:30:00.123',
  '1763807400',
  '1763807400123',
  '$125,000',
  '$1,250,000.00',
  'EUR 1.250.000,00',
  '225,000 + 125,000 + 75,000 = 425,000',
  'Q1 2026',
  'FY2025-2026',
  'accounts 6100, 6200, 6300',
  'accounts 6100 6200 6300',
  'v1.52.0',
  '18.4.0-beta.17',
  '^22.19.0 || >=24.0.0',
  '/srv/app/src/detect/phone.ts:120:15',
  'C:\\Users\\4155550132\\x',
  'https://example.com/0123-456-7890/x?page=2&size=100',
  'call_9f8K2mQ0415555',
  'chatcmpl-415555013212345678',
  'INV-2026-0012345',
  'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  'dGhpcyBpcyA0MTU1NTUwMTMyIGJhc2U2NA==',
  '<Buffer 08 07 06 05 04 03 02 01>',
  '0.123456789 0.987654321',
  '3.14159265358979',
  '+12.5% and +125000',
  'ISBN 978-0-306-40615-7',
  '9007199254740991',
  '[EMAIL_k3f9x2] [US_SSN_000000] [CARD_411111]',
])('finds nothing in %j', (text) => {
  expect(detect(text)).toEqual([]);
  expect(detect(`a ${text} b`)).toEqual([]);
});

test('finds nothing in the JSON of a task', () => {
  const task = {
    id: '6f1c1f0e-3c0b-4a57-9b5c-1d2e3f4a5b6c',
    type: 'budget-request',
    source: 'user:alice',
    data: { quarter: 'Q1 2026', accounts: [6100, 6200], cost_center: 41000, share: 0.1234567891 },
    amount: 125000,
    created_at: '2026-11-22T10:30:00.123Z',
    created_ms: 1763807400123,
    trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
    budget: { tokens: 9007199254740991, max: 2147483647 },
  };
  expect(detect(JSON.stringify(task))).toEqual([]);
  expect(rewriteJson(task, (text, field) => redact(text, LOG_KINDS, field))).toEqual(task);
});
