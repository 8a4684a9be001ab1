/** The walls of the architecture: who may import whom. docs/architecture.md explains them. */
const rooms = {
  core: [],
  detect: ['core'],
  store: ['core'],
  database: ['core'],
  client: ['core'],
  controller: ['core', 'store', 'detect'],
  guard: ['core', 'client', 'detect'],
  agent: ['core', 'client'],
  mesh: ['core'],
  scenario: ['core', 'client'],
  suite: ['core', 'client', 'scenario'],
  report: ['core'],
  ui: ['core', 'client'],
};

const walls = Object.entries(rooms).map(([room, allowed]) => ({
  name: `wall-${room}`,
  comment: `src/${room} may import ${['its own files', ...allowed.map((name) => `src/${name}`)].join(', ')}.`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: '^src/', pathNot: `^src/(${[room, ...allowed].join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...walls,
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-source-from-tests',
      comment: 'Product code never imports tests or benches.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(tests|bench)/' },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
