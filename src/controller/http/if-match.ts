import { z } from '@hono/zod-openapi';
import { MeshError } from '../../core/errors.ts';

export const IfMatchHeader = z.object({
  'if-match': z
    .string()
    .optional()
    .describe('ETag that the caller has read: another one is answered with 409'),
});

const TAG = /(?:W\/)?"[^"]*"/g;

/**
 * The entity tags of If-Match (RFC 9110, 13.1.1). Undefined: any will do. A weak one never matches.
 *
 * @throws MeshError invalid_request
 */
export function parseIfMatch(header: string | undefined): readonly string[] | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const tags = header.match(TAG) ?? [];
  if (tags.length > 0 && /^[\s,]*$/.test(header.replace(TAG, ''))) return tags;
  throw new MeshError(
    'invalid_request',
    `Expected If-Match with an ETag such as "3", quotes included, found ${JSON.stringify(header)}.`,
    { hint: 'Send the ETag of the last answer as it is.' },
  );
}
