import type { Logger } from '../../core/log.ts';
import type { Profile } from '../../core/profile.ts';
import { createGoose, type Goose } from './goose.ts';
import { makePrivateRoot } from './private-root.ts';
import { type GooseSetup, gooseEnvironment, prepareGoose } from './setup.ts';

/** Lends sessions the Goose with which they talk. */
export interface GooseLender extends AsyncDisposable {
  readonly version: string;
  /** Whoever borrows a Goose disposes of it. `relayKey` is by what the relay knows the session, if its Goose is its own. */
  lend(session: { readonly id: string; readonly relayKey: string }): Promise<Goose>;
}

export interface LendGoose extends GooseSetup {
  readonly binary: string;
  readonly log: Logger;
}

/**
 * All sessions share one Goose, unless nothing is to be kept of them: then each has its own, which leaves nothing where
 * another one writes. It runs only while it is lent.
 *
 * @throws MeshError environment (Goose is missing or does not start)
 */
export async function openGooseLender(options: LendGoose): Promise<GooseLender> {
  await prepareGoose(options);
  const shared = await startIn(options);
  return keepsNothing(options.profile) ? lendOwn(options, shared) : lendShared(shared);
}

/** True for a role of whose work nothing may be left once it has ended. */
export function keepsNothing({ policies }: Profile): boolean {
  return policies.retention.content_days === 0;
}

function lendShared(shared: Goose): GooseLender {
  return {
    version: shared.version,
    lend: () => Promise.resolve({ ...shared, [Symbol.asyncDispose]: () => Promise.resolve() }),
    [Symbol.asyncDispose]: () => shared[Symbol.asyncDispose](),
  };
}

/** The first Goose has told its version and is known to start; nobody talks with it. */
async function lendOwn(options: LendGoose, first: Goose): Promise<GooseLender> {
  await first[Symbol.asyncDispose]();
  const lent = new Set<Goose>();
  return {
    version: first.version,
    async lend({ id, relayKey }) {
      const dataDir = await makePrivateRoot(options.dataDir, id);
      const setup = { ...options, dataDir, relay: { ...options.relay, key: relayKey } };
      await prepareGoose(setup);
      const goose = await startIn(setup);
      lent.add(goose);
      return {
        ...goose,
        async [Symbol.asyncDispose]() {
          await goose[Symbol.asyncDispose]();
          lent.delete(goose);
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...lent].map((goose) => goose[Symbol.asyncDispose]()));
    },
  };
}

function startIn(options: LendGoose): Promise<Goose> {
  const { binary, dataDir: cwd, log } = options;
  return createGoose({ binary, env: gooseEnvironment(options), cwd, log });
}
