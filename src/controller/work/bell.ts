/**
 * Lets long polls sleep until their role has work, and take turns when it comes. Of those that the bell has woken, who was
 * served longest ago looks first, and the next one only when it has looked: so idle agents of one role share work
 * equally, and no two look for the same task. One that asks for more at once stands behind those that still wait: what is
 * new rings, and is theirs. While nobody sleeps there is work for everyone, and nobody waits for a turn. Each controller
 * shares among those who wait there.
 */
export interface WorkBell {
  /** Wakes everyone who waits for a role; without one, everyone. */
  ring(role?: string): void;
  /** Resolves when it is the caller's turn to look for work: at once, unless others that were woken are before it. */
  enter(guest: Guest): Promise<Turn | undefined>;
  /**
   * Ends a turn that has found nothing. Resolves with the next one when the bell has rung since that one was given; with
   * undefined after `ms`, or when the signal aborts.
   */
  wait(guest: Guest, last: Turn, ms: number): Promise<Turn | undefined>;
  /** Sends away whoever waits for an agent: one that lives comes again. */
  dismiss(agent: string): void;
}

export interface Guest {
  readonly role: string;
  readonly agent: string;
  readonly signal: AbortSignal;
}

export interface Turn {
  /** How often the bell had rung for the role when the turn was given. */
  readonly rings: number;
  /**
   * False: one who has waited for longer has found nothing new, and whatever comes after that rings, and is theirs. There may
   * be work that only the caller may take.
   */
  readonly mayTakeNew: boolean;
  /** Ends the turn of one that does not wait for another; must be called then. */
  end(served: boolean): void;
}

interface Sleeper extends Guest {
  isCalled: boolean;
  wake(turn: Turn | undefined): void;
}

/** A look takes milliseconds. One that takes longer must not hold up the others. */
const LONGEST_TURN_MS = 250;

export function createWorkBell(): WorkBell {
  const rings = new Map<string, number>();
  const sleepers = new Set<Sleeper>();
  /** Roles in which somebody who was woken is looking now. */
  const looking = new Map<string, Turn>();
  const servedAt = new Map<string, number>();
  /** How often the bell had rung when somebody found nothing new. */
  const emptyAt = new Map<string, number>();
  let ringsForAll = 0;
  let served = 0;

  return {
    ring(role) {
      if (role === undefined) ringsForAll += 1;
      else rings.set(role, (rings.get(role) ?? 0) + 1);
      const woken = [...sleepers].filter((sleeper) => role === undefined || sleeper.role === role);
      for (const sleeper of woken) sleeper.isCalled = true;
      for (const one of new Set(woken.map((sleeper) => sleeper.role))) callNext(one);
    },
    enter(guest) {
      if (guest.signal.aborted) return Promise.resolve(undefined);
      if (looking.has(guest.role)) return sleep(guest, undefined, true);
      const isAlone = ![...sleepers].some(({ role }) => role === guest.role);
      return Promise.resolve(giveTurn(guest, isAlone || mayBeNew(guest.role), () => undefined));
    },
    wait(guest, last, ms) {
      if (guest.signal.aborted) {
        // Perhaps it has not even looked.
        last.end(false);
        return Promise.resolve(undefined);
      }
      if (last.mayTakeNew) emptyAt.set(guest.role, Math.max(last.rings, emptyAt.get(guest.role) ?? 0));
      // Asleep first: for what has come meanwhile it may still be the first.
      const asleep = sleep(guest, ms, count(guest.role) > last.rings);
      last.end(false);
      callNext(guest.role);
      return asleep;
    },
    dismiss(agent) {
      for (const sleeper of sleepers) if (sleeper.agent === agent) sleeper.wake(undefined);
    },
  };

  function count(role: string): number {
    return ringsForAll + (rings.get(role) ?? 0);
  }

  function mayBeNew(role: string): boolean {
    return count(role) > (emptyAt.get(role) ?? -1);
  }

  function sleep(guest: Guest, ms: number | undefined, isCalled: boolean): Promise<Turn | undefined> {
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(onAbort, ms);
      const sleeper = { ...guest, isCalled, wake: leave };
      sleepers.add(sleeper);
      guest.signal.addEventListener('abort', onAbort);

      function onAbort(): void {
        leave(undefined);
      }
      function leave(turn: Turn | undefined): void {
        clearTimeout(timer);
        guest.signal.removeEventListener('abort', onAbort);
        sleepers.delete(sleeper);
        resolve(turn);
      }
    });
  }

  /** Gives the next turn to whoever was called and has been without work for longest; then to the next one. */
  function callNext(role: string): void {
    if (looking.has(role)) return;
    const [first] = [...sleepers]
      .filter((sleeper) => sleeper.isCalled && sleeper.role === role)
      .sort((a, b) => lastServed(a) - lastServed(b));
    if (first === undefined) return;
    const goOn = () => {
      if (looking.get(role) !== turn) return;
      clearTimeout(timer);
      looking.delete(role);
      callNext(role);
    };
    const turn = giveTurn(first, mayBeNew(role), goOn);
    const timer = setTimeout(goOn, LONGEST_TURN_MS);
    looking.set(role, turn);
    first.wake(turn);
  }

  function giveTurn({ role, agent }: Guest, mayTakeNew: boolean, onEnd: () => void): Turn {
    return {
      rings: count(role),
      mayTakeNew,
      end(isServed) {
        if (isServed) servedAt.set(agent, (served += 1));
        onEnd();
      },
    };
  }

  function lastServed({ agent }: Guest): number {
    return servedAt.get(agent) ?? 0;
  }
}
