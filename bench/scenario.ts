import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '../src/core/run.ts';
import { openFolder } from './support/mesh.ts';
import { median } from './support/statistics.ts';
import { millis, printTable, times } from './support/table.ts';

const ROUNDS = 7;

/** `expense-approval` on a mesh that is up, and where its time goes. */
export async function benchScenario(): Promise<void> {
  await using folder = await openFolder();
  await folder.run('up', '--engine', 'process');
  const rounds: ReturnType<typeof split>[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const before = await readControllerMs(folder);
    const { runs } = await folder.json<{ runs: Run[] }>('test', 'scenario', 'expense-approval');
    const [run] = runs;
    if (run?.passed !== true) throw new Error('the scenario failed');
    // The first round warms Goose up: its first conversation is slower.
    if (round > 0) rounds.push(split(run, (await readControllerMs(folder)) - before));
  }
  const total = median(rounds.map((round) => round.total));
  const row = (what: string, pick: (round: ReturnType<typeof split>) => number) => {
    const ms = median(rounds.map(pick));
    return [what, millis(ms), times(ms / total)];
  };
  printTable(
    `expense-approval on a mesh that is up (process engine), median of ${ROUNDS}; target: under 3 s`,
    ['part', 'time', 'share'],
    [
      row('whole', (round) => round.total),
      row('model (rehearsal)', (round) => round.model),
      row('guard: masking', (round) => round.guard),
      row('controller: answering, without long polls and streams', (round) => round.controller),
      row('the rest: Goose, its agent, HTTP in between, and the runner', (round) => round.rest),
    ],
  );
}

function split(run: Run, controller: number) {
  const calls = run.events.filter(({ kind }) => kind === 'guard.called').map(({ data }) => data);
  const sum = (key: string) => calls.reduce((total, call) => total + Number(call[key]), 0);
  const guard = sum('overhead_ms');
  const model = sum('duration_ms') - guard;
  const total = run.duration_ms;
  return { total, model, guard, controller, rest: Math.max(0, total - model - guard - controller) };
}

/** Milliseconds that the controller has spent on answers that are not meant to wait. */
async function readControllerMs(folder: Awaited<ReturnType<typeof openFolder>>): Promise<number> {
  const { services } = await folder.json<{ services: { service: string; address?: string }[] }>('status');
  const address = services.find(({ service }) => service === 'controller')?.address ?? '';
  const secrets = await readAdmin(folder);
  const token = (await (
    await fetch(`${address}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', ...secrets }),
    })
  ).json()) as { access_token: string };
  const metrics = await (
    await fetch(`${address}/metrics`, { headers: { authorization: `Bearer ${token.access_token}` } })
  ).text();
  return [
    ...metrics.matchAll(
      /^goose_mesh_http_request_duration_seconds_sum\{.*route="([^"]+)".*\} ([\d.e+-]+)$/gm,
    ),
  ]
    .filter(([, route]) => route !== '/tasks/claim' && route !== '/events')
    .reduce((total, [, , seconds]) => total + Number(seconds) * 1000, 0);
}

async function readAdmin(folder: Awaited<ReturnType<typeof openFolder>>) {
  const { mesh } = await folder.json<{ mesh: string }>('status');
  const text = await readFile(join(folder.stateDir, 'meshes', mesh, 'secrets.json'), 'utf8');
  const { clients } = JSON.parse(text) as { clients: Record<string, string> };
  return { client_id: 'user:admin', client_secret: clients['user:admin'] ?? '' };
}
