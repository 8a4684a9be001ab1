import { z } from 'zod';
import { MeshError } from '../../core/errors.ts';
import { readJsonLines } from '../json-lines.ts';

const Event = z.looseObject({ error: z.string().optional(), stream: z.string().optional() });

/**
 * Reads what the engine says about an import or a build until it ends. The answer was 200 before the work began, so
 * an `error` in one of its events is the only sign of a failure.
 */
export async function followBuild(
  answer: NodeJS.ReadableStream,
  onOutput: (text: string) => void = () => undefined,
): Promise<void> {
  let step = '';
  for await (const value of readJsonLines(answer)) {
    const event = Event.parse(value);
    const text = event.stream?.trim() ?? '';
    if (text.startsWith('Step ')) step = ` (${text})`;
    if (event.error !== undefined) {
      throw new MeshError('environment', `The image cannot be built${step}: ${event.error}`);
    }
    if (text !== '') onOutput(text);
  }
}
