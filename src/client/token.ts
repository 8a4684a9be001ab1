import { TokenResponse } from '../core/identity.ts';

export interface TokenSource {
  /** A token with life left; fetched when there is none. Concurrent callers share one fetch. */
  get(): Promise<string>;
  /** Forgets a token that was refused. */
  discard(token: string): void;
}

/** Part of a token's life after which it is renewed, so that it does not expire on the way. */
const RENEW_AT = 0.8;

/** Keeps one token fresh. `fetchToken` gives the body of a token endpoint's answer. */
export function createTokenSource(fetchToken: () => Promise<unknown>): TokenSource {
  let current: { token: string; renewAt: number } | undefined;
  let fetching: Promise<string> | undefined;

  return {
    get() {
      if (current !== undefined && performance.now() < current.renewAt) return Promise.resolve(current.token);
      fetching ??= renew().finally(() => {
        fetching = undefined;
      });
      return fetching;
    },
    discard(token) {
      if (current?.token === token) current = undefined;
    },
  };

  async function renew(): Promise<string> {
    const { access_token, expires_in } = TokenResponse.parse(await fetchToken());
    current = { token: access_token, renewAt: performance.now() + expires_in * 1000 * RENEW_AT };
    return access_token;
  }
}
