import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { isPrivateAddress } from './addresses.ts';

/** The code of the error where a host has no address that the guard may call. */
export const PRIVATE_ADDRESS = 'ERR_PRIVATE_ADDRESS';

interface ConnectorOptions {
  readonly timeoutMs: number;
  /** Hosts that mesh.yaml names; their addresses may be any. */
  readonly privateHosts: readonly string[];
  /** Certificates that are trusted instead of the usual ones. */
  readonly ca?: string | undefined;
  /** For tests. */
  readonly resolve?: Resolve;
}

type Resolve = (
  hostname: string,
  options: LookupOptions & { readonly all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Opens connections to a model provider. A name is resolved once for each connection, and that goes to one of the very
 * addresses that were checked: a name that leads elsewhere a moment later leads nowhere.
 */
export function createConnector({
  timeoutMs,
  privateHosts,
  ca,
  resolve = lookup,
}: ConnectorOptions): buildConnector.connector {
  const named = new Set(privateHosts.map((host) => host.toLowerCase()));
  const connect = buildConnector({
    timeout: timeoutMs,
    lookup: lookUp,
    ...(ca === undefined ? {} : { ca }),
  });
  return (options, done) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    // An address needs no look-up, so none would check it.
    if (isIP(host) !== 0 && !named.has(host) && isPrivateAddress(host)) done(createError(), null);
    else connect(options, done);
  };

  function lookUp(...[hostname, options, done]: Parameters<LookupFunction>): void {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) {
        done(error, []);
        return;
      }
      const isNamed = named.has(hostname.toLowerCase());
      const allowed = isNamed ? found : found.filter(({ address }) => !isPrivateAddress(address));
      const [first] = allowed;
      if (first === undefined) done(createError(), []);
      else if (options.all === true) done(null, allowed);
      else done(null, first.address, first.family);
    });
  }
}

function createError(): Error {
  const message = 'The host has no address of the internet, and mesh.yaml does not name it.';
  return Object.assign(new Error(message), { code: PRIVATE_ADDRESS });
}
