/** One line of a container's log. */
export interface LogEntry {
  /** When the engine read it: RFC 3339 with nanoseconds, so that the order of texts is the order of time. */
  readonly at: string;
  readonly text: string;
}

type Chunks = Iterable<Buffer> | AsyncIterable<Buffer | string>;

const HEADER_BYTES = 8;
const NEWLINE = 0x0a;

/**
 * Takes a log apart, as the engine sends it when asked for timestamps: frames of a stream number, a length and one
 * message each. A message is a line, or a part of one that was longer than 16 KiB, each part with a timestamp of
 * its own. Chunks end anywhere.
 */
export async function* readEntries(chunks: Chunks): AsyncGenerator<LogEntry> {
  const begun = new Map<number, { readonly at: string; readonly parts: Buffer[] }>();
  for await (const { stream, message } of readFrames(chunks)) {
    const end = message.indexOf(' ');
    const line = begun.get(stream) ?? { at: message.toString('latin1', 0, end), parts: [] };
    line.parts.push(message.subarray(end + 1));
    begun.set(stream, line);
    if (message.at(-1) !== NEWLINE) continue;
    begun.delete(stream);
    yield { at: line.at, text: Buffer.concat(line.parts).toString('utf8').trimEnd() };
  }
}

async function* readFrames(chunks: Chunks) {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, typeof chunk === 'string' ? Buffer.from(chunk) : chunk]);
    while (rest.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + rest.readUInt32BE(4);
      if (rest.length < end) break;
      yield { stream: rest.readUInt8(0), message: rest.subarray(HEADER_BYTES, end) };
      rest = rest.subarray(end);
    }
  }
}
