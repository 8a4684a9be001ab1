import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadMeshFile } from '../../src/mesh/mesh-file.ts';
import { readModelCa } from '../../src/mesh/model-ca.ts';
import { makeFolder, writeTree } from './docker/support/tree.ts';

const CERTIFICATE = readFileSync(new URL('../guard/support/tls/certificate.pem', import.meta.url), 'utf8');

async function read(text: string | undefined) {
  const folder = await makeFolder();
  await writeTree(folder, {
    'mesh.yaml': 'guard: { ca: certs/own.pem }',
    ...(text === undefined ? {} : { 'certs/own.pem': text }),
  });
  return readModelCa(await loadMeshFile(folder));
}

test('of the file that mesh.yaml names, the certificates are read and nothing else', async () => {
  const key = '-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----\n';
  expect(await read(`# ours\n${key}${CERTIFICATE}\n${CERTIFICATE}`)).toBe(CERTIFICATE + CERTIFICATE);
});

test.each([
  ['no file', undefined, 'cannot be read (ENOENT)'],
  ['no certificate', 'x', 'holds none'],
  ['a broken one', CERTIFICATE.replace('MII', 'AAA'), 'holds a broken one'],
])('%s is a mistake', async (_what, text, message) => {
  await expect(read(text)).rejects.toMatchObject({
    code: 'configuration',
    message: expect.stringContaining(message) as unknown,
  });
});

test('a mesh that names no file trusts the usual certificates', async () => {
  expect(await readModelCa(await loadMeshFile(await makeFolder()))).toBeUndefined();
});
