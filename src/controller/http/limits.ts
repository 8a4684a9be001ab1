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

/** The token endpoint takes a form (RFC 6749, 4.4.2); everything else with a body takes JSON. */
export const requireJson = createMiddleware(async (c, next) => {
  const type = c.req.header('content-type');
  const isForm = c.req.path === '/oauth/token';
  if (type !== undefined && !isForm && !/^application\/([\w.+-]+\+)?json\b/i.test(type)) {
    throw new MeshError('unsupported_media_type', `Expected content-type application/json, found ${type}.`);
  }
  await next();
});
