import { setTimeout as sleep } from 'node:timers/promises';
import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
import { MeshError, messageOf } from '../core/errors.ts';
import type { Logger } from '../core/log.ts';

/** The controller's public keys. Once known they stay known while the controller is away. */
export interface Keys {
  readonly find: JWTVerifyGetKey;
  isReady(): boolean;
  /** Resolves when the keys are known. Throws MeshError `unavailable` if they cannot be had for half a minute. */
  load(): Promise<void>;
  close(): void;
}

/** After this long a key that the controller no longer publishes is refused. A new one is fetched at first sight. */
const REFRESH_MS = 300_000;
/** So that tokens with made-up key ids cannot make the guard ask all the time. */
const COOLDOWN_MS = 5000;
const LOAD_MS = 30_000;
const RETRY_MS = 100;

export function createKeys(controllerUrl: string, log: Logger): Keys {
  const url = new URL('/.well-known/jwks.json', controllerUrl);
  const set = createRemoteJWKSet(url, { cacheMaxAge: Infinity, cooldownDuration: COOLDOWN_MS });
  const timer = setInterval(() => {
    set.reload().catch((error: unknown) => {
      log.warn({ reason: messageOf(error) }, 'the keys of the controller cannot be refreshed');
    });
  }, REFRESH_MS).unref();

  return {
    find: set,
    isReady,
    async load() {
      const giveUpAt = performance.now() + LOAD_MS;
      for (let reason = await tryReload(); !isReady(); reason = await tryReload()) {
        if (performance.now() > giveUpAt) {
          throw new MeshError('unavailable', `No keys were to be had at ${url.href}: ${reason}.`);
        }
        await sleep(RETRY_MS);
      }
    },
    close: () => {
      clearInterval(timer);
    },
  };

  function isReady(): boolean {
    return set.jwks()?.keys.some(({ kty, crv }) => kty === 'OKP' && crv === 'Ed25519') ?? false;
  }

  /** Gives the reason why there may still be no key. */
  async function tryReload(): Promise<string> {
    try {
      await set.reload();
      return 'it publishes no Ed25519 key';
    } catch (error) {
      return messageOf(error);
    }
  }
}
