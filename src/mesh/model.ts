import type { UpstreamApi } from '../core/config.ts';
import { MeshError } from '../core/errors.ts';

/** Which model a mesh uses, and where it is. */
export type ModelChoice =
  | { readonly kind: 'rehearsal'; readonly label: string }
  | {
      readonly kind: 'provider';
      readonly label: string;
      /** What Goose asks for. */
      readonly model: string;
      /** How it wants its key. */
      readonly api: UpstreamApi;
      /** Base URL of the API, with its version: https://api.openai.com/v1. Azure's may hold `{model}`. */
      readonly baseUrl: string;
      /** Environment variable that holds the key. */
      readonly keyVariable: string;
      readonly keyRequired: boolean;
    };

/** Every form in which a model is named, for help and for errors. */
export const MODEL_FORMS =
  'rehearsal, openai:MODEL, anthropic:MODEL, openrouter:MODEL, ollama:MODEL, azure:URL#DEPLOYMENT or openai-compatible:URL#MODEL';

const EXPECTED = `expected ${MODEL_FORMS}`;

/** The key of a model that has no variable of its own. */
const ANY_KEY = 'GOOSE_MESH_MODEL_KEY';

/** Providers at a known address; the APIs of all take the chat shape of OpenAI. */
const PROVIDERS = {
  openai: {
    api: 'openai',
    baseUrl: 'https://api.openai.com/v1',
    keyVariable: 'OPENAI_API_KEY',
    keyRequired: true,
  },
  anthropic: {
    api: 'anthropic',
    baseUrl: 'https://api.anthropic.com/v1',
    keyVariable: 'ANTHROPIC_API_KEY',
    keyRequired: true,
  },
  openrouter: {
    api: 'openai',
    baseUrl: 'https://openrouter.ai/api/v1',
    keyVariable: 'OPENROUTER_API_KEY',
    keyRequired: true,
  },
  ollama: {
    api: 'openai',
    baseUrl: 'http://127.0.0.1:11434/v1',
    keyVariable: ANY_KEY,
    keyRequired: false,
  },
} as const;

/** Reads one of `MODEL_FORMS`. A string: what is wrong. */
export function parseModel(text: string): ModelChoice | string {
  if (text === 'rehearsal') return { kind: 'rehearsal', label: text };
  const [kind = '', rest = ''] = splitOnce(text, ':');
  if (isKnown(kind)) {
    if (rest === '') return `${text} names no model; ${EXPECTED}`;
    return { kind: 'provider', label: text, model: rest, ...PROVIDERS[kind] };
  }
  if (kind !== 'openai-compatible' && kind !== 'azure')
    return `there is no model ${JSON.stringify(text)}; ${EXPECTED}`;
  const [address = '', model = ''] = splitOnce(rest, '#');
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol))
    return `${JSON.stringify(address)} is no http(s) URL; ${EXPECTED}`;
  // It would be shown with the model's name, and what is shown must hold no secret.
  if (url.username !== '' || url.password !== '') return `the URL may hold no key; ${ANY_KEY} is for that`;
  if (model === '') return `${kind}:${address} names no model after #; ${EXPECTED}`;
  const choice = { kind: 'provider', label: text, model } as const;
  return kind === 'azure'
    ? {
        ...choice,
        api: 'azure',
        baseUrl: ofAzure(url),
        keyVariable: 'AZURE_OPENAI_API_KEY',
        keyRequired: true,
      }
    : {
        ...choice,
        api: 'openai',
        baseUrl: address.replace(/\/+$/, ''),
        keyVariable: ANY_KEY,
        keyRequired: false,
      };
}

function isKnown(kind: string): kind is keyof typeof PROVIDERS {
  return Object.hasOwn(PROVIDERS, kind);
}

/** The newer API has a version in its path; the older one has deployments there, and its version in the query. */
function ofAzure({ origin, pathname, search, searchParams }: URL): string {
  const path = pathname.replace(/\/+$/, '');
  if (path !== '') return `${origin}${path}${search}`;
  return searchParams.has('api-version')
    ? `${origin}/openai/deployments/{model}${search}`
    : `${origin}/openai/v1`;
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
