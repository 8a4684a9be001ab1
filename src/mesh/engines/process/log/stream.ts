import { readdir } from 'node:fs/promises';
import { MeshError } from '../../../../core/errors.ts';
import type { LogLine, LogOptions } from '../../../engine.ts';
import { watchDirectory } from '../../../watch-directory.ts';
import { mergeSorted } from '../../merge.ts';
import type { Place } from '../place.ts';
import { LogTail, type TimedLine } from './tail.ts';

interface Line extends TimedLine {
  readonly service: string;
}

/** Lines of services, of all if none is named: first what is there, in the order of time, then what comes. */
export async function* streamLogs(
  place: Place,
  { services, follow, signal }: LogOptions,
): AsyncGenerator<LogLine> {
  const chosen = await chooseServices(place, services);
  if (chosen.length === 0) return;
  const tails = chosen.map((service) => ({ service, tail: new LogTail(place.logDir, service) }));
  // Watched before reading, so that nothing is missed in between.
  using changes = watchDirectory(place.logDir, signal);
  try {
    do {
      const rests = tails.map(({ service, tail }) => readRest(service, tail));
      for await (const { service, text } of mergeSorted(rests, isBefore)) {
        if (signal.aborted) return;
        yield { service, text };
      }
    } while (follow && (await changes.next()));
  } finally {
    await Promise.all(tails.map(({ tail }) => tail.close()));
  }
}

async function* readRest(service: string, tail: LogTail): AsyncGenerator<Line> {
  for await (const line of tail.readRest()) yield { service, ...line };
}

function isBefore(a: Line, b: Line): boolean {
  return a.at < b.at;
}

async function chooseServices({ logDir }: Place, wanted: readonly string[]): Promise<readonly string[]> {
  const files = await readdir(logDir).catch(() => []);
  const known = files.filter((name) => name.endsWith('.log')).map((name) => name.slice(0, -'.log'.length));
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown === undefined) return wanted.length === 0 ? known : wanted;
  throw new MeshError('not_found', `There is no log of a service ${unknown}.`, {
    hint: known.length === 0 ? 'The mesh was never up.' : `There are those of ${known.sort().join(', ')}.`,
  });
}
