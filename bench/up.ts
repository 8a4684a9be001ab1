import Dockerode from 'dockerode';
import { measureCompose } from './compose.ts';
import { openFolder } from './support/mesh.ts';
import { median, repeat, time } from './support/statistics.ts';
import { printTable, seconds, times } from './support/table.ts';

const ROUNDS = 5;

/** Bringing a mesh of three agents up and down: database, model, controller, three guards, three agents. */
export async function benchUp(): Promise<void> {
  const rows: string[][] = [];
  if (await hasDocker()) {
    const docker = await measureEngine('docker', { image: true });
    const compose = await measureCompose(ROUNDS);
    rows.push(['docker: image from nothing', seconds(docker.image ?? 0), '< 15 s', '']);
    rows.push([
      'docker: up, image present',
      seconds(docker.up),
      '< 5 s',
      compose === undefined ? '' : `${times(docker.up / compose.up)} of docker-compose`,
    ]);
    if (compose !== undefined)
      rows.push(['docker-compose: up -d until every part is ready', seconds(compose.up), '', '']);
    rows.push([
      'docker: up again, nothing differs',
      seconds(docker.again),
      '',
      times(docker.again / docker.up),
    ]);
    rows.push([
      'docker: down --volumes',
      seconds(docker.down),
      '< 3 s',
      compose === undefined ? '' : `${times(docker.down / compose.down)} of docker-compose`,
    ]);
  }
  const local = await measureEngine('process', { image: false });
  rows.push(['process: up', seconds(local.up), '< 3 s', '']);
  rows.push(['process: up again, nothing differs', seconds(local.again), '', times(local.again / local.up)]);
  rows.push(['process: down --volumes', seconds(local.down), '< 3 s', '']);
  printTable(`A mesh of three agents, median of ${ROUNDS}`, ['what', 'time', 'target', 'ratio'], rows);
}

async function measureEngine(engine: 'docker' | 'process', options: { image: boolean }) {
  await using folder = await openFolder();
  const args = ['up', '--engine', engine];
  const image = options.image ? await measureImage(folder) : undefined;
  const ups: number[] = [];
  const agains: number[] = [];
  const downs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    ups.push(await time(() => folder.run(...args)));
    agains.push(await time(() => folder.run(...args)));
    downs.push(await time(() => folder.run('down', '--volumes')));
  }
  return { image, up: median(ups), again: median(agains), down: median(downs) };
}

/** The time that an `up` without an image takes longer than the next one. */
async function measureImage(folder: Awaited<ReturnType<typeof openFolder>>): Promise<number> {
  await removeImages();
  const cold = await time(() => folder.run('up', '--engine', 'docker'));
  await folder.run('down', '--volumes');
  const [warm = 0] = await repeat(1, () => folder.run('up', '--engine', 'docker'));
  await folder.run('down', '--volumes');
  return cold - warm;
}

async function removeImages(): Promise<void> {
  const docker = new Dockerode();
  const images = await docker.listImages();
  const ours = images.filter(
    ({ RepoTags }) => RepoTags?.some((tag) => /^goose-mesh(-base)?:/.test(tag)) ?? false,
  );
  for (const { Id } of ours)
    await docker
      .getImage(Id)
      .remove({ force: true })
      .catch(() => undefined);
}

async function hasDocker(): Promise<boolean> {
  return new Dockerode().ping().then(
    () => true,
    () => false,
  );
}
