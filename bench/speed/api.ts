import { startBenchController } from '../support/controller.ts';
import { putLoad, putUsualLoad, type Step } from '../support/load.ts';
import { millis, printTable } from '../support/table.ts';

const CLIENTS = 50;
const SECONDS = 8;
/** Twenty times what a company brings (30 requests a second). */
const RATE = 600;

/** What single calls of people take while 50 of them use the API at the same time. */
export async function benchApi(): Promise<void> {
  await using mesh = await startBenchController();
  const admin = mesh.as('user:admin');
  const token = await admin.token();
  const ids = await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      const { id } = await admin.sessions.create({ role: 'finance' });
      await admin.sessions.send(id, 'activate');
      return id;
    }),
  );
  const read = (path: string): Step => ({ call: { method: 'GET', path, token } });
  const send = (id: string, event: string): Step => ({
    call: { method: 'PUT', path: `/sessions/${id}/events`, token, body: { event } },
  });
  const stepsOf = (client: number): readonly Step[] => {
    const id = ids[client] ?? '';
    return [
      read(`/sessions/${id}`),
      send(id, 'pause'),
      read(`/sessions/${id}/transitions`),
      read('/tasks?limit=20'),
      send(id, 'resume'),
      read('/sessions?limit=20'),
    ];
  };
  const usual = await putUsualLoad(mesh, { clients: CLIENTS, seconds: SECONDS, rate: RATE, steps: stepsOf });
  const most = await putLoad(mesh, { clients: CLIENTS, seconds: SECONDS, steps: stepsOf });
  printTable(
    `Reading, listing and moving sessions by ${CLIENTS} clients at the same time`,
    ['', 'calls/s', 'p50', 'p99 (target: under 25 ms)'],
    [
      [
        `${RATE} calls a second, at random times`,
        usual.perSecond.toFixed(0),
        millis(usual.p50),
        millis(usual.p99),
      ],
      ['as many as they can', most.perSecond.toFixed(0), millis(most.p50), millis(most.p99)],
    ],
  );
}
