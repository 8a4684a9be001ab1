import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { startBenchController } from '../support/controller.ts';
import { putLoad, type Step } from '../support/load.ts';
import { millis, printTable } from '../support/table.ts';

const CLIENTS = 50;
const SECONDS = 8;
const STEPS = 3;

const Claimed = z.object({ task: z.object({ id: z.string() }), lease_id: z.string() });

/** Tasks from their sender through the claim of an agent to their end, all over HTTP. */
export async function benchWork(): Promise<void> {
  await using mesh = await startBenchController();
  const sender = await mesh.as('user:admin').token();
  const agent = await mesh.as('agent:finance').token();
  const steps: readonly Step[] = [
    {
      call: {
        method: 'POST',
        path: '/tasks/route',
        token: sender,
        body: { target: 'finance', description: 'Add up the expenses of the first quarter.' },
      },
    },
    {
      call: () => ({
        method: 'POST',
        path: '/tasks/claim',
        token: agent,
        body: { claim_id: randomUUID(), wait_ms: 5000 },
      }),
      remember: (answer, memory) => {
        const { task, lease_id } = Claimed.parse(answer);
        memory['task'] = task.id;
        memory['lease'] = lease_id;
      },
    },
    {
      call: ({ task = '', lease = '' }) => ({
        method: 'POST',
        path: `/tasks/${task}/complete`,
        token: agent,
        body: { lease_id: lease, text: 'They are 1,200.' },
      }),
    },
  ];
  const { perSecond, p99 } = await putLoad(mesh, { clients: CLIENTS, seconds: SECONDS, steps: () => steps });
  printTable(
    `Route, claim, complete: ${CLIENTS} clients, each with one task at a time`,
    ['', 'tasks/s', 'calls/s', 'p99 of a call'],
    [
      [
        'HTTP, with authentication (target: over 800 tasks/s)',
        (perSecond / STEPS).toFixed(0),
        perSecond.toFixed(0),
        millis(p99),
      ],
    ],
  );
}
