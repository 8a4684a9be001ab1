import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { MeshError } from '../../core/errors.ts';

/** A text with the places of what is personal in it, as Presidio Research writes them. Other fields are left alone. */
const LabelledText = z.object({
  full_text: z.string(),
  spans: z.array(
    z.object({
      entity_type: z.string().min(1),
      start_position: z.int().nonnegative(),
      end_position: z.int().nonnegative(),
    }),
  ),
});

/** A text of which is known how many values of a kind a detector alone finds in it. */
const Case = z.object({
  source: z.string(),
  entities: z.array(z.string()),
  text: z.string(),
  expected: z.int().nonnegative(),
});

export interface LabelledSpan {
  readonly label: string;
  readonly start: number;
  readonly end: number;
}

export interface LabelledDocument {
  readonly text: string;
  readonly spans: readonly LabelledSpan[];
}

export type Case = z.infer<typeof Case>;

export type Dataset =
  | { readonly form: 'texts'; readonly documents: readonly LabelledDocument[] }
  | { readonly form: 'cases'; readonly cases: readonly Case[] };

const File = z.union([z.array(LabelledText).min(1), z.array(Case).min(1)]);

/** Reads a data set. Throws MeshError `usage` for a file that is not there or has another form. */
export async function readDataset(path: string): Promise<Dataset> {
  const parsed = File.safeParse(await readJson(path));
  if (!parsed.success) {
    throw new MeshError(
      'usage',
      `${path} is no data set: expected a list of texts, each with full_text and spans (entity_type, start_position, end_position).`,
    );
  }
  const [first] = parsed.data;
  if (first !== undefined && 'expected' in first) {
    return { form: 'cases', cases: parsed.data as readonly Case[] };
  }
  const texts = parsed.data as readonly z.infer<typeof LabelledText>[];
  return { form: 'texts', documents: texts.map(toDocument) };
}

/** Sets count characters as Python does; offsets of ours are UTF-16. */
function toDocument({ full_text: text, spans }: z.infer<typeof LabelledText>): LabelledDocument {
  const offsets = listOffsets(text);
  const at = (position: number) => offsets?.[position] ?? Math.min(position, text.length);
  return {
    text,
    spans: spans.map(({ entity_type: label, start_position, end_position }) => ({
      label,
      start: at(start_position),
      end: at(end_position),
    })),
  };
}

/** Where each character begins, for a text that has some of two units. */
function listOffsets(text: string): readonly number[] | undefined {
  if (!/[\ud800-\udbff]/.test(text)) return undefined;
  const offsets: number[] = [];
  let offset = 0;
  for (const sign of text) {
    offsets.push(offset);
    offset += sign.length;
  }
  return [...offsets, offset];
}

export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) throw new MeshError('usage', `${path} is not JSON.`, { cause: error });
    throw new MeshError('usage', `Cannot read ${path}.`, { cause: error, hint: 'a file that exists' });
  }
}
