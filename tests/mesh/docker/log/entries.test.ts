import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type LogEntry, readEntries } from '../../../../src/mesh/engines/docker/log/entries.ts';
import { collect } from '../support/collect.ts';

const AT = '2026-11-22T10:20:36.662184750Z';

/** One message, as the engine frames it. */
function frame(stream: 1 | 2, message: string | Buffer, at = AT): Buffer {
  const body = Buffer.concat([Buffer.from(`${at} `), Buffer.from(message)]);
  const header = Buffer.alloc(8);
  header.writeUInt8(stream, 0);
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

function splitAt(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end));
}

const read = (chunks: Iterable<Buffer>): Promise<LogEntry[]> => collect(readEntries(chunks));

it('finds the same lines however the log is cut into chunks', async () => {
  const lines = fc.array(
    fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.replace(/\s/gu, '_')),
  );
  await fc.assert(
    fc.asyncProperty(lines, fc.array(fc.nat()), async (texts, places) => {
      const log = Buffer.concat(texts.map((text) => frame(1, `${text}\n`)));
      expect(await read(splitAt(log, places))).toEqual(texts.map((text) => ({ at: AT, text })));
    }),
  );
});

it('puts a long line together from its parts, each of which has a timestamp of its own', async () => {
  const [first, second] = [Buffer.from('grün').subarray(0, 3), Buffer.from('grün\n').subarray(3)];
  const log = [frame(1, first), frame(2, 'between\n', '2026-11-22T10:20:37.000000000Z'), frame(1, second)];

  expect((await read(log)).map(({ text }) => text)).toEqual(['between', 'grün']);
});
