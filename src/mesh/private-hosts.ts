import { isIP } from 'node:net';
import type { MeshSpec } from './mesh-file.ts';
import type { Site } from './plan.ts';

/**
 * Hosts whose addresses need not be of the internet. A literal address and `localhost` in mesh.yaml can mean nothing but
 * what they say, so they count as named; any other name could one day lead somewhere else, and must stand under
 * `guard.private_hosts`.
 */
export function listPrivateHosts({ model, guard }: MeshSpec, site: Site): string[] {
  if (model.kind === 'rehearsal') return guard.private_hosts;
  const host = hostOf(model.baseUrl);
  return isLiteral(host)
    ? [...guard.private_hosts, hostOf(site.outside(model.baseUrl))]
    : guard.private_hosts;
}

/** The host of a URL as the guard compares it: without the brackets of IPv6. */
export function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '');
}

function isLiteral(host: string): boolean {
  return isIP(host) !== 0 || host === 'localhost' || host.endsWith('.localhost');
}
