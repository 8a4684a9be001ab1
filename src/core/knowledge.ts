import { RE2JS } from 're2js';
import { z } from 'zod';
import { Name } from './identity.ts';
import { DATA_KINDS } from './kinds.ts';

const Kind = z.enum(DATA_KINDS);
const Value = z.string().trim().min(2).max(500);

/** A rule of the mesh's own. Its pattern has the syntax of RE2, which takes linear time on any text. */
export const GuardRule = z.strictObject({
  name: Name,
  kind: Kind.describe('What is found, and how thresholds and audit name it'),
  pattern: z.string().min(1).max(1000).superRefine(requireLinear),
  context: z
    .array(z.string().trim().min(1).max(100))
    .default([])
    .describe('It counts only near one of these words, or in a field that is named so'),
  confidence: z.number().min(0).max(1).default(0.9),
});
export type GuardRule = z.infer<typeof GuardRule>;

const Denied = z.preprocess(
  (written) => (typeof written === 'string' ? { value: written } : written),
  z.strictObject({ value: Value, kind: Kind.default('SECRET') }),
);

/** A column, or several that make one value together, such as given name and family name. */
const Column = z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(5)]);

export const DirectoryFile = z.strictObject({
  file: z.string().min(1).describe('A CSV file whose first line names its columns'),
  separator: z.string().length(1).default(','),
  columns: z.partialRecord(Kind, z.array(Column).min(1)).describe('By kind, the columns that hold it'),
});
export type DirectoryFile = z.infer<typeof DirectoryFile>;

/** A further detector that is asked over HTTP before a request is masked. */
export const ExternalDetector = z.strictObject({
  kind: z.enum(['presidio', 'openai']),
  url: z.url().describe('Of a Presidio analyzer, or the base URL of an OpenAI-compatible model'),
  model: z.string().min(1).optional().describe('Which model to ask; for openai'),
  api_key: z.string().min(1).optional(),
  kinds: z
    .array(Kind)
    .min(1)
    .default(['PERSON'])
    .describe('Of what it finds, what counts; kinds with a form have detectors of their own'),
  language: z.string().length(2).default('en'),
  timeout_ms: z.int().min(10).max(60_000).default(2000),
  on_failure: z
    .enum(['refuse', 'pass'])
    .default('refuse')
    .describe('What happens to a request when it does not answer: pass leaves it to the other detectors'),
});
export type ExternalDetector = z.infer<typeof ExternalDetector>;

/** What a mesh itself knows about personal data. As `guard` of mesh.yaml has it, and as each guard gets it. */
export const Knowledge = z.strictObject({
  allow: z.array(Value).default([]).describe('Values that are never masked'),
  deny: z.array(Denied).default([]).describe('Values that are always masked'),
  rules: z.array(GuardRule).default([]),
  directory: z.array(DirectoryFile).default([]).describe('Lists of people and their data'),
  detector: ExternalDetector.optional(),
});
export type Knowledge = z.infer<typeof Knowledge>;

/** What a guard gets: the lists of mesh.yaml, and the entries that the org chart gives. */
export const GuardKnowledge = Knowledge.extend({
  entries: z.array(z.strictObject({ kind: Kind, value: z.string().min(1) })).default([]),
});
export type GuardKnowledge = z.infer<typeof GuardKnowledge>;

function requireLinear(pattern: string, context: z.RefinementCtx<string>): void {
  try {
    if (!RE2JS.compile(pattern).matcher('').matches()) return;
    context.addIssue('a pattern was expected that matches something, but this one matches the empty text');
  } catch (error) {
    const said =
      error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'unknown reason';
    context.addIssue(
      `a pattern of RE2 was expected, which has neither backreferences nor lookarounds, since those take more than linear time; ${said}`,
    );
  }
}
