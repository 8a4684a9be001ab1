import type { GuardConfig } from '../core/config.ts';

type UpstreamConfig = GuardConfig['upstream'];

/** What the base URL of Azure has in place of the deployment, which is the model's name. */
const MODEL = /(?:\{|%7B)model(?:\}|%7D)/i;

/**
 * The address of a path below the base URL, which may have a path and a query of its own:
 * `https://acme.openai.azure.com/openai/deployments/{model}?api-version=2024-10-21`.
 */
export function urlBelow(base: string, path: string, model: string | undefined): URL {
  const url = new URL(
    model === undefined
      ? base.replace(new RegExp(`/deployments/${MODEL.source}`, 'i'), '')
      : base.replace(MODEL, () => encodeURIComponent(model)),
  );
  url.pathname = url.pathname.replace(/\/$/, '') + path;
  return url;
}

/** The version of Anthropic's API for callers that name none. */
const ANTHROPIC_VERSION = '2023-06-01';

/** How the provider wants its key. Anthropic takes the chat shape as well, and there the key as OpenAI does. */
export function presentKey({ api, api_key: key }: UpstreamConfig, path: string): Record<string, string> {
  if (api === 'anthropic' && /^\/(?:messages|models)\b/.test(path)) {
    return { 'x-api-key': key, 'anthropic-version': ANTHROPIC_VERSION };
  }
  if (key === '') return {};
  return api === 'azure' ? { 'api-key': key } : { authorization: `Bearer ${key}` };
}
