import { MeshError } from '../core/errors.ts';

/** Longest request body that the guard takes, in bytes. */
const REQUEST_MAX = 10 * 1024 * 1024;

export interface ReadBytes {
  readonly bytes: Uint8Array;
  /** Whether there was more than was read. */
  readonly cut: boolean;
}

/**
 * The body of a request as text. Throws MeshError `too_large`, `unsupported_media_type` for a compressed one, or
 * `invalid_request` where it is not UTF-8.
 */
export async function readRequest(request: Request): Promise<string> {
  if ((request.headers.get('content-encoding') ?? 'identity') !== 'identity') {
    throw new MeshError('unsupported_media_type', 'The body must not be compressed.');
  }
  const { bytes, cut } = await readBytes(request);
  if (cut) throw new MeshError('too_large', `A body may have ${REQUEST_MAX} bytes, and this one has more.`);
  const text = decodeUtf8(bytes);
  if (text === undefined) throw new MeshError('invalid_request', 'The body must be UTF-8.');
  return text;
}

/** Undefined where the bytes are not UTF-8: with signs put in their place, a text would not be what it was. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** A parsed body; undefined where it is not JSON. The parser's own error is dropped, since it quotes the text. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads a body up to a number of bytes. */
export async function readUpTo(body: AsyncIterable<Uint8Array>, max: number): Promise<ReadBytes> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > max) return { bytes: Buffer.concat(chunks).subarray(0, max), cut: true };
  }
  return { bytes: Buffer.concat(chunks), cut: false };
}

/** An announced length is enforced by Node's HTTP parser; a body without one is counted as it comes. */
async function readBytes(request: Request): Promise<ReadBytes> {
  const announced = Number(request.headers.get('content-length') ?? Number.NaN);
  if (announced > REQUEST_MAX) return { bytes: new Uint8Array(), cut: true };
  if (Number.isNaN(announced) && request.body !== null) return readUpTo(request.body, REQUEST_MAX);
  return { bytes: new Uint8Array(await request.arrayBuffer()), cut: false };
}
