import { isMeshError } from '../core/errors.ts';

/** Calls of one kind that can be carried out together. */
export interface Gathering<Context, Call, Answer> {
  /** Of two calls with the same key, the later waits until the earlier is done. */
  readonly keyOf: (call: Call) => string;
  /** Carries out all calls or, if it throws, none; whoever has no answer in the end is told `undefined`. */
  readonly carryOut: (context: Context, calls: readonly Call[]) => Promise<ReadonlyMap<string, Answer>>;
}

/** More rows make a statement no cheaper for each of them. */
const MOST_TOGETHER = 64;
/** A batch takes milliseconds. One that takes longer must not hold up the others. */
const LONGEST_BATCH_MS = 100;

interface Waiting<Call, Answer> {
  readonly call: Call;
  readonly key: string;
  readonly resolve: (answer: Answer | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: what is asked for while others are under way goes to PostgreSQL in one transaction, by one statement. For
 * a single row PostgreSQL spends more on beginning a statement and on committing than on the row; under load, that is
 * shared, and a single call waits for nothing. A batch must wait for no lock, or one slow caller would hold up all.
 *
 * A call that breaks its batch is carried out again alone, as are the others, so that nobody fails by another's fault;
 * unless it is not known whether the batch was committed.
 */
export function gather<Context extends object, Call, Answer>({
  keyOf,
  carryOut,
}: Gathering<Context, Call, Answer>): (context: Context, call: Call) => Promise<Answer | undefined> {
  const queues = new WeakMap<Context, (waiting: Waiting<Call, Answer>) => void>();

  return (context, call) =>
    new Promise((resolve, reject) => {
      let enqueue = queues.get(context);
      if (enqueue === undefined) {
        enqueue = createQueue(context);
        queues.set(context, enqueue);
      }
      enqueue({ call, key: keyOf(call), resolve, reject });
    });

  function createQueue(context: Context): (waiting: Waiting<Call, Answer>) => void {
    let queue: Waiting<Call, Answer>[] = [];
    const busyKeys = new Set<string>();
    let underWay: readonly Waiting<Call, Answer>[] | undefined;
    let isPlanned = false;
    return (waiting) => {
      queue.push(waiting);
      plan();
    };

    /** Not at once: what came in the same turn of the event loop goes together. */
    function plan(): void {
      if (isPlanned || queue.length === 0 || underWay !== undefined) return;
      isPlanned = true;
      setImmediate(() => {
        isPlanned = false;
        const batch = takeBatch();
        // Nothing of what is left can begin before a slow batch has ended.
        if (batch.length > 0) void run(batch);
      });
    }

    function takeBatch(): readonly Waiting<Call, Answer>[] {
      const batch: Waiting<Call, Answer>[] = [];
      const rest: Waiting<Call, Answer>[] = [];
      for (const waiting of queue) {
        if (batch.length === MOST_TOGETHER || busyKeys.has(waiting.key)) rest.push(waiting);
        else {
          busyKeys.add(waiting.key);
          batch.push(waiting);
        }
      }
      queue = rest;
      return batch;
    }

    async function run(batch: readonly Waiting<Call, Answer>[]): Promise<void> {
      underWay = batch;
      const timer = setTimeout(goOn, LONGEST_BATCH_MS, batch);
      await settle(context, batch);
      clearTimeout(timer);
      for (const { key } of batch) busyKeys.delete(key);
      goOn(batch);
    }

    function goOn(last: readonly Waiting<Call, Answer>[]): void {
      if (underWay === last) underWay = undefined;
      plan();
    }
  }

  async function settle(context: Context, batch: readonly Waiting<Call, Answer>[]): Promise<void> {
    try {
      const answers = await carryOut(
        context,
        batch.map(({ call }) => call),
      );
      for (const { key, resolve } of batch) resolve(answers.get(key));
    } catch (error) {
      if (batch.length === 1 || isUncertain(error)) {
        for (const { reject } of batch) reject(error);
        return;
      }
      for (const waiting of batch) await settle(context, [waiting]);
    }
  }
}

/** The database went away, perhaps after the commit. */
function isUncertain(error: unknown): boolean {
  return isMeshError(error) && error.retryable;
}
