import { createMasker } from '../../../src/guard/mask.ts';
import { createPlaceholders, type MaskedValue } from '../../../src/guard/placeholders.ts';
import { DEFAULT_PRIVACY, type Privacy } from '../../../src/guard/privacy.ts';
import { createRestoration } from '../../../src/guard/restore/restorer.ts';
import type { JsonObject, Shape } from '../../../src/guard/shapes/shape.ts';

/** What the provider would be sent for a request. */
export function maskWith(shape: Shape, request: JsonObject, privacy: Privacy = DEFAULT_PRIVACY) {
  const placeholders = createPlaceholders({ key: 'k'.repeat(32), scope: 'finance' });
  const { body } = shape.maskRequest(request, createMasker(placeholders), privacy);
  return { body, text: JSON.stringify(body) };
}

const VALUES = new Map<string, MaskedValue>([['[EMAIL_k3f9x2]', { kind: 'EMAIL', value: 'jane@acme.io' }]]);

export const restoration = () => createRestoration(VALUES);

/** Restores the events of one stream; each call gives what the events come to. */
export function restoreWith(shape: Shape) {
  const restorer = shape.restoreEvents?.(restoration());
  if (restorer === undefined) throw new Error(`${shape.name} has no events.`);
  return {
    ...restorer,
    restore: (...events: JsonObject[]) => events.flatMap((event) => restorer.restore(event)),
  };
}
