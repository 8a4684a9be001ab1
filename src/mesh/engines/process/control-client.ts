import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { isMeshError, MeshError } from '../../../core/errors.ts';
import type { OnProgress, UpOptions } from '../../engine.ts';
import { readJsonLines } from '../../json-lines.ts';
import type { Place } from './place.ts';
import { type Application, fromWireError, SupervisorStatus, Update, WireError } from './wire.ts';

/** What the supervisor says of itself and its services; undefined if there is none. */
export async function readSupervisor(place: Place): Promise<SupervisorStatus | undefined> {
  const response = await send(open(place, 'GET', '/status').end());
  return response === undefined ? undefined : SupervisorStatus.parse(await json(response));
}

/** Brings the mesh into a shape. When the signal aborts, it rejects once everything was taken back. */
export async function requestPlan(
  place: Place,
  application: Application,
  { signal, onProgress }: UpOptions,
): Promise<void> {
  // It may have aborted while the supervisor was launched, and would tell nobody again.
  signal.throwIfAborted();
  const asking = open(place, 'PUT', '/plan');
  const withdraw = () => asking.end();
  signal.addEventListener('abort', withdraw, { once: true });
  try {
    asking.write(`${JSON.stringify(application)}\n`);
    const response = await send(asking);
    if (response === undefined) throw lost(place);
    await followUpdates(place, response, onProgress);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', withdraw);
    asking.end();
  }
}

/** Stops the mesh and its supervisor, if there is one. */
export async function requestStop(place: Place, onProgress: OnProgress): Promise<void> {
  const response = await send(open(place, 'POST', '/stop').end());
  if (response !== undefined) await followUpdates(place, response, onProgress);
}

/** False if there is no supervisor. */
export async function requestKill(place: Place, service: string): Promise<boolean> {
  const response = await send(open(place, 'POST', `/services/${service}/kill`).end());
  response?.resume();
  return response !== undefined;
}

function open(place: Place, method: string, path: string): ClientRequest {
  return request({ socketPath: place.socket, method, path, agent: false });
}

/** What says that there is no supervisor: no socket, one that a killed one left, one that closes as it ends. */
const NOBODY = ['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'];

/** The answer, if there is somebody to give one. */
async function send(asking: ClientRequest): Promise<IncomingMessage | undefined> {
  const answered = Promise.withResolvers<IncomingMessage | undefined>();
  asking.once('response', answered.resolve);
  asking.on('error', (error: NodeJS.ErrnoException) => {
    if (NOBODY.includes(error.code ?? '')) answered.resolve(undefined);
    else answered.reject(error);
  });
  const response = await answered.promise;
  if (response === undefined || response.statusCode === 200) return response;
  throw fromWireError(WireError.parse(await json(response)));
}

async function followUpdates(place: Place, response: IncomingMessage, onProgress: OnProgress): Promise<void> {
  try {
    for await (const line of readJsonLines(response)) {
      const update = Update.parse(line);
      if (update.kind === 'done') return;
      if (update.kind === 'error') throw fromWireError(update.error);
      onProgress(update.progress);
    }
  } catch (error) {
    throw isMeshError(error) ? error : lost(place, error);
  }
  throw lost(place);
}

function lost(place: Place, cause?: unknown): MeshError {
  return new MeshError(
    'environment',
    'The supervisor of the mesh ended before it had done what it was asked to.',
    {
      hint: `Its last words are in ${place.supervisorLog}; "goose-mesh up" starts another.`,
      cause,
    },
  );
}
