/**
 * What a part may know of the environment of whoever started the mesh. No more: a shell often holds keys of model
 * providers, which no part but the guard may have, and that one has its own in its configuration.
 */
const SYSTEM = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'];
const NETWORK = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];
const CERTIFICATES = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];
const OWN = ['GOOSE_MESH_STATE', 'GOOSE_MESH_LOG_LEVEL', 'NODE_COMPILE_CACHE'];
const KNOWN = [...SYSTEM, ...NETWORK, ...CERTIFICATES, ...OWN];

export function selectEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(KNOWN.filter((name) => name in env).map((name) => [name, env[name]]));
}
