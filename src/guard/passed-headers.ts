/** The headers of a caller that reach the provider, each only if all of it has its form: what follows could be a text. */
const FORMS: Readonly<Record<string, RegExp>> = {
  traceparent: /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/,
  'anthropic-version': /^\d{4}-\d{2}-\d{2}$/,
};

/**
 * Features of Anthropic's API that callers may turn on, without their dates: those that change how a message is
 * answered. One that opens a way for content which no shape knows does not stand here.
 */
const BETAS = new Set([
  'context-1m',
  'context-management',
  'compact',
  'dev-full-thinking',
  'effort',
  'extended-cache-ttl',
  'fast-mode',
  'fine-grained-tool-streaming',
  'interleaved-thinking',
  'max-tokens-3-5-sonnet',
  'model-context-window-exceeded',
  'output-128k',
  'output-300k',
  'pdfs',
  'prompt-caching',
  'structured-outputs',
  'task-budgets',
  'token-counting',
  'token-efficient-tools',
]);

export function pickHeaders(headers: Headers): Readonly<Record<string, string>> {
  const picked: Record<string, string> = {};
  for (const [name, form] of Object.entries(FORMS)) {
    const value = headers.get(name);
    if (value !== null && form.test(value)) picked[name] = value;
  }
  const betas = (headers.get('anthropic-beta') ?? '').split(',').map((beta) => beta.trim());
  const allowed = betas.filter((beta) => BETAS.has(beta.replace(/-\d{4}-\d{2}-\d{2}$/, '')));
  if (allowed.length > 0) picked['anthropic-beta'] = allowed.join(',');
  return picked;
}
