import { MeshError } from '../../../../core/errors.ts';
import type { LogLine, LogOptions } from '../../../engine.ts';
import { interleave, mergeSorted } from '../../merge.ts';
import type { Deck } from '../deck.ts';
import { openEvents } from '../events.ts';
import { type Existing, listExisting } from '../existing.ts';
import { fullName } from '../names.ts';
import type { LogEntry } from './entries.ts';
import { followLog, readLog } from './read.ts';

interface Line extends LogLine, LogEntry {}

/** Lines of services, of all if none is named: first what is there, in the order of time, then what comes. */
export async function* streamLogs(deck: Deck, options: LogOptions): AsyncGenerator<LogLine> {
  const containers = await chooseContainers(deck, options.services);
  const last = new Map<string, string>();
  const past = containers.map((container) => readPast(deck, container));
  for await (const { service, text, at } of mergeSorted(past, (a, b) => a.at < b.at)) {
    last.set(service, at);
    yield { service, text };
  }
  if (!options.follow) return;

  // The reader may leave before the signal aborts; the connections must not stay then.
  const left = new AbortController();
  const signal = AbortSignal.any([options.signal, left.signal]);
  try {
    yield* interleave(
      containers.map(({ service }) => followService(deck, service, signal, last.get(service))),
    );
  } finally {
    left.abort();
  }
}

async function chooseContainers(deck: Deck, services: readonly string[]): Promise<readonly Existing[]> {
  const existing = (await listExisting(deck)).filter(
    ({ name, service }) => name === fullName(deck.mesh, service),
  );
  const unknown = services.find((name) => !existing.some(({ service }) => service === name));
  if (unknown === undefined)
    return existing.filter(({ service }) => services.length === 0 || services.includes(service));
  const names = existing.map(({ service }) => service).sort();
  throw new MeshError('not_found', `There is no service ${unknown} in ${deck.mesh}.`, {
    hint: names.length === 0 ? 'The mesh is not up.' : `There are ${names.join(', ')}.`,
  });
}

async function* readPast({ docker }: Deck, { id, service }: Existing): AsyncGenerator<Line> {
  for await (const entry of readLog(docker.getContainer(id))) yield { service, ...entry };
}

/** What a service logs after a moment, across restarts, and in the container that replaces its own. */
async function* followService(
  deck: Deck,
  service: string,
  signal: AbortSignal,
  after?: string,
): AsyncGenerator<LogLine> {
  const container = deck.docker.getContainer(fullName(deck.mesh, service));
  let last = after;
  try {
    while (!signal.aborted) {
      // Listened to before reading, so that no start is missed in between.
      const starts = await openEvents(deck, 'start', signal);
      for await (const { at, text } of followLog(container, signal, last)) {
        if (last !== undefined && at <= last) continue;
        last = at;
        yield { service, text };
      }
      for await (const start of starts) if (start.service === service) break;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
