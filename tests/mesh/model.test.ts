import { expect, test } from 'vitest';
import { parseModel } from '../../src/mesh/model.ts';

const AZURE = 'https://acme.openai.azure.com';

test.each([
  ['openai:gpt-5', 'gpt-5', 'openai', 'https://api.openai.com/v1', 'OPENAI_API_KEY'],
  ['anthropic:claude-5', 'claude-5', 'anthropic', 'https://api.anthropic.com/v1', 'ANTHROPIC_API_KEY'],
  ['openrouter:a/b:free', 'a/b:free', 'openai', 'https://openrouter.ai/api/v1', 'OPENROUTER_API_KEY'],
  ['ollama:qwen3:8b', 'qwen3:8b', 'openai', 'http://127.0.0.1:11434/v1', 'GOOSE_MESH_MODEL_KEY'],
  ['openai-compatible:http://x/v1/#m', 'm', 'openai', 'http://x/v1', 'GOOSE_MESH_MODEL_KEY'],
  [`azure:${AZURE}/#gpt-4o`, 'gpt-4o', 'azure', `${AZURE}/openai/v1`, 'AZURE_OPENAI_API_KEY'],
  [
    `azure:${AZURE}?api-version=2024-10-21#gpt-4o`,
    'gpt-4o',
    'azure',
    `${AZURE}/openai/deployments/{model}?api-version=2024-10-21`,
    'AZURE_OPENAI_API_KEY',
  ],
  [`azure:${AZURE}/gateway/v1?a=b#m`, 'm', 'azure', `${AZURE}/gateway/v1?a=b`, 'AZURE_OPENAI_API_KEY'],
])('%s', (text, model, api, baseUrl, keyVariable) => {
  expect(parseModel(text)).toMatchObject({ kind: 'provider', label: text, model, api, baseUrl, keyVariable });
});

test.each([
  ['gpt-5', 'there is no model "gpt-5"; expected rehearsal, openai:MODEL,'],
  ['constructor:x', 'there is no model'],
  ['ollama:', 'ollama: names no model'],
  ['azure:acme#m', '"acme" is no http(s) URL'],
  ['openai-compatible:ftp://x#m', '"ftp://x" is no http(s) URL'],
  ['openai-compatible:http://x/v1', 'names no model after #'],
  ['openai-compatible:http://u:secret@x/v1#m', 'the URL may hold no key'],
])('%s is a mistake', (text, message) => {
  expect(parseModel(text)).toContain(message);
  expect(parseModel(text)).not.toContain('secret');
});
