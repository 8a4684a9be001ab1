import Dockerode from 'dockerode';
import { openFolder } from './support/mesh.ts';
import { printTable } from './support/table.ts';

const TARGETS: Readonly<Record<string, string>> = {
  agent: '< 200 MB',
  controller: '< 150 MB',
  guard: '< 150 MB',
};

/** Memory of idle containers after one scenario, as the kernel counts it for each (without page cache). */
export async function benchMemory(): Promise<void> {
  const docker = new Dockerode();
  if (!(await docker.ping().catch(() => false))) return;
  await using folder = await openFolder();
  await folder.run('up', '--engine', 'docker');
  await folder.run('test', 'scenario', 'expense-approval');
  const { services } = await folder.json<{ services: { service: string; part: string; id: string }[] }>(
    'status',
  );
  const rows = await Promise.all(
    services.map(async ({ service, part, id }) => {
      const stats = await docker.getContainer(id).stats({ stream: false });
      const { usage, stats: detail } = stats.memory_stats as { usage: number; stats: Record<string, number> };
      const cache = detail['total_inactive_file'] ?? detail['inactive_file'] ?? 0;
      return [service, `${Math.round((usage - cache) / 2 ** 20)} MB`, TARGETS[part] ?? ''];
    }),
  );
  printTable('Memory of an idle mesh after one scenario (docker)', ['service', 'memory', 'target'], rows);
}
