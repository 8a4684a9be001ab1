import {
  type AuditEvent,
  digestOf,
  type EventSeal,
  hashOf,
  listDigests,
  NO_SEAL,
  type SealPin,
} from '../core/seal.ts';

/** Where the log and its seals are read: the controller. Nothing that it says is believed without its hash. */
export interface LogSource {
  /** The next seals after one; none when there are no more. */
  seals(query: { readonly after: number }): Promise<readonly EventSeal[]>;
  /** The next events after one; none when there are no more. */
  events(query: { readonly after: number; readonly up_to: number }): Promise<readonly AuditEvent[]>;
}

/** What was seen earlier, and kept where whoever can change the log cannot change it. */
export interface LogPins {
  /** Only what came after this seal is verified. */
  readonly from?: SealPin | undefined;
  /** The hash of a seal that the chain must have. */
  readonly expect?: string | undefined;
}

type Fault =
  | 'event_changed'
  | 'event_missing'
  | 'event_inserted'
  | 'seal_changed'
  | 'seal_missing'
  | 'pin_missing';

/** The first thing that is wrong with the log. */
export interface Finding {
  readonly fault: Fault;
  readonly seal: number | null;
  readonly seq: number | null;
  readonly text: string;
}

export interface LogVerdict {
  readonly ok: boolean;
  readonly finding: Finding | null;
  /** How many seals and events were verified. */
  readonly seals: number;
  readonly events: number;
  /** How many events came after the last seal; nothing is known about these. */
  readonly unsealed: number;
  readonly last_seal: SealPin | null;
  /** The last seal whose events, and all before, are not there any more, as the log itself says; null: all are. */
  readonly pruned: SealPin | null;
}

const BEGINNING = Number.MIN_SAFE_INTEGER;
const END = Number.MAX_SAFE_INTEGER;

/** How often a log is read that is pruned while it is read; that happens once a day. */
const TRIES = 3;

/**
 * Recomputes the hash chain of the event log and compares every event with its seal. Stops at the first thing that is
 * wrong. Neither what is sealed meanwhile is taken for a fault, since seals are read before the events that they cover,
 * nor what is pruned, since the log is then read again.
 */
export async function verifyLog(source: LogSource, pins: LogPins = {}): Promise<LogVerdict> {
  for (let tries = 1; ; tries += 1) {
    const beginning = await readBeginning(source);
    const verdict = await verifyOnce(source, pins);
    if (verdict.ok || tries === TRIES || (await readBeginning(source)) === beginning) return verdict;
  }
}

async function readBeginning(source: LogSource): Promise<number | undefined> {
  return (await source.events({ after: BEGINNING, up_to: END }))[0]?.seq;
}

async function verifyOnce(source: LogSource, { from, expect }: LogPins): Promise<LogVerdict> {
  let last = NO_SEAL;
  let position = BEGINNING;
  let seals = 0;
  let events = 0;
  let isExpected = expect === undefined;
  let anchor: Anchor | undefined;
  const end = (finding: Finding | null, unsealed = 0): LogVerdict => ({
    ok: finding === null,
    finding,
    seals,
    events,
    unsealed,
    last_seal: last.number === 0 ? null : pinOf(last),
    pruned: anchor === undefined ? null : pinOf(anchor.seal),
  });

  for await (const page of readSeals(source, from === undefined ? 0 : from.number - 1)) {
    if (seals === 0 && from !== undefined) position = (page[0]?.first_seq ?? 1) - 1;
    const log = peekable(readEvents(source, { after: position, up_to: page.at(-1)?.last_seq ?? position }));
    for (const seal of page) {
      const isFirst = seals === 0;
      if (isFirst && (await isBefore(seal, log))) anchor = { seal, isSaid: false };
      const isAnchor = isFirst && anchor !== undefined;
      const finding =
        checkPlace(seal, { last, isFirst, isAnchor, from }) ??
        checkSeal(seal) ??
        (isAnchor ? undefined : await compare(seal, log, noteEvent));
      if (finding !== undefined) return end(finding);
      isExpected ||= seal.hash === expect;
      seals += 1;
      events += isAnchor ? 0 : seal.count;
      last = seal;
      position = seal.last_seq;
    }
  }
  if (from !== undefined && seals === 0) return end(pinMissing(`seal ${from.number}`));
  if (!isExpected) return end(pinMissing(`a seal with the hash ${expect ?? ''}`));
  const unsealed = await count(readEvents(source, { after: last.last_seq, up_to: END }), noteEvent);
  return end(anchor === undefined || anchor.isSaid ? null : notSaid(anchor.seal), unsealed);

  function noteEvent({ kind, data }: AuditEvent): void {
    if (anchor === undefined || kind !== 'log.pruned') return;
    anchor.isSaid ||= data['seal'] === anchor.seal.number && data['hash'] === anchor.seal.hash;
  }
}

/** The first seal, if its events are gone: they may be, if a later event says that they were pruned up to it. */
interface Anchor {
  readonly seal: EventSeal;
  isSaid: boolean;
}

/** True if nothing is left of the events of a seal, nor of any before. The seal itself says that it has some. */
async function isBefore({ last_seq }: EventSeal, log: Peekable<AuditEvent>): Promise<boolean> {
  const first = await log.peek();
  return first === undefined || first.seq > last_seq;
}

interface Place {
  readonly last: SealPin;
  readonly isFirst: boolean;
  readonly isAnchor: boolean;
  readonly from: SealPin | undefined;
}

/** An anchor need not follow anything: an event says its hash. */
function checkPlace(seal: EventSeal, { last, isFirst, isAnchor, from }: Place): Finding | undefined {
  if (isFirst && from !== undefined) return checkPin(seal, from);
  return isAnchor ? undefined : checkLink(seal, last);
}

function notSaid({ number, seqs: [first = 0] }: EventSeal): Finding {
  if (number > 1) return { fault: 'seal_missing', seal: 1, seq: null, text: 'seal 1 is missing' };
  return { fault: 'event_missing', seal: 1, seq: first, text: `event ${first} of seal 1 is missing` };
}

/** The pinned seal itself need not follow anything: its hash is known. */
function checkPin(seal: EventSeal, pin: SealPin): Finding | undefined {
  if (seal.number === pin.number && seal.hash === pin.hash) return undefined;
  const why = seal.number > pin.number ? `, if that was not pruned: it begins with seal ${seal.number}` : '';
  return pinMissing(`seal ${pin.number} with its hash${why}`);
}

function checkLink(seal: EventSeal, before: SealPin): Finding | undefined {
  const number = before.number + 1;
  if (seal.number !== number) {
    return { fault: 'seal_missing', seal: number, seq: null, text: `seal ${number} is missing` };
  }
  if (seal.previous !== before.hash) return sealChanged(seal, `it does not follow seal ${before.number}`);
  if (seal.first_seq !== before.last_seq + 1) {
    return sealChanged(seal, `it does not begin where seal ${before.number} ends`);
  }
  return undefined;
}

function checkSeal({ hash, ...seal }: EventSeal): Finding | undefined {
  if (hashOf(seal) !== hash) return sealChanged(seal, 'its hash is not that of what it lists');
  const fits =
    seal.seqs.length === seal.count &&
    listDigests(seal).length === seal.count &&
    seal.seqs.at(-1) === seal.last_seq;
  return fits ? undefined : sealChanged(seal, 'it does not list what it counts');
}

/** Compares the events of a seal's range with those that the seal lists. */
async function compare(
  seal: EventSeal,
  log: Peekable<AuditEvent>,
  note: (event: AuditEvent) => void,
): Promise<Finding | undefined> {
  const digests = listDigests(seal);
  for (const [index, seq] of seal.seqs.entries()) {
    const event = await log.peek();
    if (event === undefined || event.seq > seq) {
      return {
        fault: 'event_missing',
        seal: seal.number,
        seq,
        text: `event ${seq} of seal ${seal.number} is missing`,
      };
    }
    if (event.seq < seq) {
      return eventFault('event_inserted', event, `was put in after seal ${seal.number} was made`);
    }
    if (digests[index]?.equals(digestOf(event)) !== true) {
      return eventFault('event_changed', event, `was changed after seal ${seal.number} was made`);
    }
    note(event);
    log.skip();
  }
  return undefined;

  function eventFault(fault: Fault, { seq, kind, subject, at }: AuditEvent, what: string): Finding {
    return { fault, seal: seal.number, seq, text: `event ${seq} (${kind} of ${subject} at ${at}) ${what}` };
  }
}

function sealChanged({ number, first_seq, last_seq }: Omit<EventSeal, 'hash'>, why: string): Finding {
  const text = `seal ${number} (events ${first_seq} to ${last_seq}) or the one before it was changed: ${why}`;
  return { fault: 'seal_changed', seal: number, seq: null, text };
}

function pinMissing(what: string): Finding {
  return {
    fault: 'pin_missing',
    seal: null,
    seq: null,
    text: `the chain was written anew: it lacks ${what}`,
  };
}

const pinOf = ({ number, last_seq, hash }: SealPin): SealPin => ({ number, last_seq, hash });

async function* readSeals(source: LogSource, after: number): AsyncGenerator<readonly EventSeal[]> {
  for (let last = after; ; ) {
    const page = await source.seals({ after: last });
    const end = page.at(-1);
    // One that gives the same page again and again would keep us for ever.
    if (end === undefined || end.number <= last) return;
    yield page;
    last = end.number;
  }
}

async function* readEvents(
  source: LogSource,
  { after, up_to }: { readonly after: number; readonly up_to: number },
): AsyncGenerator<AuditEvent> {
  for (let last = after; last < up_to; ) {
    const page = await source.events({ after: last, up_to });
    const end = page.at(-1);
    if (end === undefined || end.seq <= last) return;
    yield* page;
    last = end.seq;
  }
}

interface Peekable<T> {
  peek(): Promise<T | undefined>;
  skip(): void;
}

function peekable<T>(items: AsyncGenerator<T>): Peekable<T> {
  let next: Promise<IteratorResult<T, unknown>> | undefined;
  return {
    async peek() {
      next ??= items.next();
      const result = await next;
      return result.done === true ? undefined : result.value;
    },
    skip() {
      next = undefined;
    },
  };
}

async function count<T>(items: AsyncGenerator<T>, note: (item: T) => void): Promise<number> {
  let counted = 0;
  for await (const item of items) {
    note(item);
    counted += 1;
  }
  return counted;
}
