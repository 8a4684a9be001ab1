import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where all services listen: reachable from this machine alone. */
export const HOST = '127.0.0.1';

/** Where the processes of a mesh find each other and keep what is theirs. */
export interface Place {
  readonly stateDir: string;
  /** Configurations of the services, secrets included. */
  readonly configDir: string;
  /** Data of the services, one directory each. */
  readonly dataDir: string;
  readonly logDir: string;
  /** Remembers the ports, so that the next `up` makes the same plan. */
  readonly portsFile: string;
  /** What the supervisor writes when it breaks. */
  readonly supervisorLog: string;
  /** For what must never reach a disk. On disk all the same where there is no /dev/shm, as on macOS. */
  readonly memoryDir: string;
  readonly socketDir: string;
  /** Where the supervisor answers. */
  readonly socket: string;
}

const SHARED_MEMORY = '/dev/shm';

/** `sun_path` of unix(7) has room for 107 bytes, on macOS for 103. */
const MAX_SOCKET_BYTES = 103;

export function describePlace(stateDir: string): Place {
  const root = resolve(stateDir);
  return {
    stateDir: root,
    configDir: join(root, 'config'),
    dataDir: join(root, 'data'),
    logDir: join(root, 'logs'),
    portsFile: join(root, 'ports.json'),
    supervisorLog: join(root, 'supervisor.log'),
    memoryDir: existsSync(SHARED_MEMORY)
      ? join(SHARED_MEMORY, `goose-mesh-${digest(root)}`)
      : join(root, 'memory'),
    ...placeSocket(root),
  };
}

function placeSocket(root: string) {
  const inside = { socketDir: join(root, 'control'), socket: join(root, 'control', 'supervisor.sock') };
  if (Buffer.byteLength(inside.socket) <= MAX_SOCKET_BYTES) return inside;
  const socketDir = join(tmpdir(), `goose-mesh-${process.getuid?.() ?? 0}`);
  return { socketDir, socket: join(socketDir, `${digest(root)}.sock`) };
}

function digest(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 24);
}
