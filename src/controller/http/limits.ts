import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { createMiddleware } from 'hono/factory';
import { MeshError } from '../../core/errors.ts';

const MAX_BODY_BYTES = 1024 * 1024;

export const limitBody = bodyLimit({
  maxSize: MAX_BODY_BYTES,
  onError: () => {
    throw new MeshError(
      'too_large',
      `Expected a body of at most ${MAX_BODY_BYTES} bytes, found a larger one.`,
      {
        hint: 'Refer to large content instead of sending it.',
      },
    );
  },
});

const JSON_TYPE = /^application\/([\w.+-]+\+)?json$/i;
const FORM_TYPE = /^application\/x-www-form-urlencoded$/i;

/** The token endpoint takes a form (RFC 6749, 4.4.2); everything else with a body takes JSON. */
export const requireJson = createMiddleware(async (c, next) => {
  if (hasBody(c)) {
    const isForm = c.req.path === '/oauth/token';
    const found = c.req.header('content-type')?.split(';')[0]?.trim() ?? 'none';
    if (!(isForm ? FORM_TYPE : JSON_TYPE).test(found)) {
      const wanted = isForm ? 'application/x-www-form-urlencoded' : 'application/json';
      throw new MeshError('unsupported_media_type', `Expected content-type ${wanted}, found ${found}.`);
    }
    // MCP's own handler reads its body.
    if (!isForm && c.req.path !== '/mcp') requireShallow(await c.req.text());
  }
  await next();
});

function hasBody(c: Context): boolean {
  return c.req.header('transfer-encoding') !== undefined || Number(c.req.header('content-length') ?? 0) > 0;
}

/** What checks and rewrites JSON walks down into it, so its depth is bounded before. */
const MAX_DEPTH = 100;

function requireShallow(json: string): void {
  let depth = 0;
  let isText = false;
  for (let index = 0; index < json.length; index += 1) {
    const character = json[index];
    if (isText && character === '\\') index += 1;
    else if (character === '"') isText = !isText;
    else if (!isText && (character === '{' || character === '[')) depth += 1;
    else if (!isText && (character === '}' || character === ']')) depth -= 1;
    if (depth > MAX_DEPTH) {
      throw new MeshError(
        'invalid_request',
        `Expected JSON that is nested at most ${MAX_DEPTH} levels deep, found more.`,
      );
    }
  }
}
