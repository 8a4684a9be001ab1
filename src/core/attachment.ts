import { z } from 'zod';

/** Refers to content that stays where it is: tasks carry references, not blobs. */
export const Attachment = z.strictObject({
  name: z.string().min(1).max(200),
  uri: z.string().max(2000).refine(isReference, {
    error: 'expected a reference such as https://…, file:///… or s3://…, without a user or a password in it',
  }),
  media_type: z
    .string()
    .regex(/^[a-z0-9][\w.+-]{0,60}\/[a-z0-9][\w.+-]{0,60}$/i, 'expected a media type such as text/csv')
    .optional(),
  bytes: z.int().min(0).optional(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits')
    .optional(),
});
export type Attachment = z.infer<typeof Attachment>;

const MOST = 32;
export const Attachments = z
  .array(Attachment)
  .max(MOST)
  .describe(`References to content elsewhere, at most ${MOST}`);

function isReference(uri: string): boolean {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(uri) || !URL.canParse(uri)) return false;
  const { username, password } = new URL(uri);
  return username === '' && password === '';
}
