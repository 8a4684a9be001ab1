import { MeshError } from '../core/errors.ts';

/** Which model a mesh uses, and where it is. */
export type ModelChoice =
  | { readonly kind: 'rehearsal'; readonly label: string }
  | {
      readonly kind: 'provider';
      readonly label: string;
      /** What Goose asks for. */
      readonly model: string;
      /** Base URL of an OpenAI-compatible API, with its version: https://api.openai.com/v1 */
      readonly baseUrl: string;
      /** Environment variable that holds the key. */
      readonly keyVariable: string;
      readonly keyRequired: boolean;
    };

/** Providers whose APIs take the chat shape of OpenAI. */
const PROVIDERS = {
  openai: { baseUrl: 'https://api.openai.com/v1', keyVariable: 'OPENAI_API_KEY' },
  anthropic: { baseUrl: 'https://api.anthropic.com/v1', keyVariable: 'ANTHROPIC_API_KEY' },
} as const;

const EXPECTED = 'expected rehearsal, openai:MODEL, anthropic:MODEL or openai-compatible:URL#MODEL';

/** Reads `rehearsal`, `openai:gpt-4o`, `anthropic:claude-...` or `openai-compatible:URL#MODEL`. A string: what is wrong. */
export function parseModel(text: string): ModelChoice | string {
  if (text === 'rehearsal') return { kind: 'rehearsal', label: text };
  const [kind = '', rest = ''] = splitOnce(text, ':');
  if (kind === 'openai' || kind === 'anthropic') {
    if (rest === '') return `${text} names no model; ${EXPECTED}`;
    return { kind: 'provider', label: text, model: rest, ...PROVIDERS[kind], keyRequired: true };
  }
  if (kind !== 'openai-compatible') return `there is no model ${JSON.stringify(text)}; ${EXPECTED}`;
  const [baseUrl = '', model = ''] = splitOnce(rest, '#');
  if (!URL.canParse(baseUrl) || !/^https?:/.test(baseUrl))
    return `${JSON.stringify(baseUrl)} is no http(s) URL; ${EXPECTED}`;
  if (model === '') return `${text} names no model after #; ${EXPECTED}`;
  const keyVariable = 'GOOSE_MESH_MODEL_KEY';
  return {
    kind: 'provider',
    label: text,
    model,
    baseUrl: baseUrl.replace(/\/+$/, ''),
    keyVariable,
    keyRequired: false,
  };
}

/** The same, for a command line: throws MeshError usage. */
export function requireModel(text: string): ModelChoice {
  const model = parseModel(text);
  if (typeof model !== 'string') return model;
  throw new MeshError('usage', `--model: ${model}.`);
}

/**
 * The provider's key, from the environment of whoever starts the mesh. Only guards get it.
 *
 * @throws MeshError configuration: there is none and the provider wants one
 */
export function findModelKey(
  model: Extract<ModelChoice, { kind: 'provider' }>,
  env: NodeJS.ProcessEnv,
): string {
  const key = env[model.keyVariable] ?? '';
  if (key !== '' || !model.keyRequired) return key;
  throw new MeshError(
    'configuration',
    `The model ${model.label} needs a key in ${model.keyVariable}, which is not set.`,
    {
      hint: `Set ${model.keyVariable} in the environment of this command; it goes to the guards alone.`,
    },
  );
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
