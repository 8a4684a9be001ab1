import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { MeshError } from '../../../../core/errors.ts';
import { Application, type SupervisorStatus, toWireError, type Update } from '../wire.ts';
import type { Fleet, Report } from './fleet.ts';

/**
 * The control socket. It speaks HTTP:
 *
 *     GET  /status
 *     PUT  /plan                 an Application as one line; answers Updates. The caller keeps its request open for
 *                                as long as it wants this: ending the body before the answer has ended aborts
 *     POST /stop                 stops the mesh and the supervisor; answers Updates
 *     POST /services/NAME/kill
 */
export function serveControl(fleet: Fleet, { tiedTo }: { readonly tiedTo: number | null }): Server {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, noun, name = '', verb] = (request.url ?? '').split('/');
    switch ([request.method, noun, verb].join(' ').trim()) {
      case 'GET status': {
        const status: SupervisorStatus = { pid: process.pid, tied_to: tiedTo, services: fleet.listStatus() };
        sendJson(response, 200, status);
        return;
      }
      case 'PUT plan': {
        const wanted = new AbortController();
        request.once('close', () => {
          wanted.abort(new MeshError('unavailable', 'The start was aborted.'));
        });
        const { services } = parseApplication(await readLine(request, wanted.signal));
        await sendUpdates(response, (report) => fleet.apply(services, wanted.signal, report));
        return;
      }
      case 'POST stop':
        await sendUpdates(response, (report) => fleet.stop(report));
        return;
      case 'POST services kill':
        fleet.kill(name);
        sendJson(response, 200, {});
        return;
      default:
        throw new MeshError('not_found', `There is no ${request.method ?? ''} ${request.url ?? ''} here.`);
    }
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      sendJson(response, 400, toWireError(error));
    });
  });
  // A request lasts as long as what it asks for.
  server.requestTimeout = 0;
  return server;
}

async function readLine(request: IncomingMessage, signal: AbortSignal): Promise<string> {
  // A caller that is killed is an error of the request to the interface, and would be one of this process.
  const lines = createInterface({ input: request }).on('error', () => undefined);
  const [line] = z.tuple([z.string()]).parse(await once(lines, 'line', { signal }));
  return line;
}

function parseApplication(line: string): Application {
  const { data } = Application.safeParse(JSON.parse(line));
  if (data !== undefined) return data;
  throw new MeshError(
    'conflict',
    'The mesh is run by another version of goose-mesh, which does not know such plans.',
    {
      hint: 'End it with "goose-mesh down", which keeps its data, and start it again.',
    },
  );
}

/** Sends what happens as it happens, a JSON object a line, and in the last line how it ended. */
async function sendUpdates(response: ServerResponse, act: (report: Report) => Promise<void>): Promise<void> {
  const send = (update: Update) => response.write(`${JSON.stringify(update)}\n`);
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  try {
    await act((progress) => {
      send({ kind: 'progress', progress });
    });
    send({ kind: 'done' });
  } catch (error) {
    send({ kind: 'error', error: toWireError(error) });
  }
  response.end();
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
