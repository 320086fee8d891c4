import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Program } from '../system/program.ts';
import { until } from '../system/until.ts';
import type { Contender, Place, Session } from './contender.ts';

/** We: A → server → B, with the settings that everybody gets. */
export const syncer: Contender = {
  name: 'Syncer',
  isLive: true,
  version: () => 'this checkout',
  open: (place) => openSyncer(place),
};

/** Where each client finds the server instead of at its own address, as when it is far away. */
export interface Detour {
  /** At which port of the address where the server is. */
  reach(port: number): Promise<{ readonly port: number }>;
  close(): void;
}

export async function openSyncer(place: Place, detour?: Detour): Promise<Session> {
  const { programs, launch, url, port } = await openServer(place);
  const client = async (host: 'a' | 'b'): Promise<() => Program> => {
    const reached = detour === undefined ? { port } : await detour.reach(port);
    const config = writeConfig(place, host, reached);
    return () => launch(host, ['syncer-client', 'start', '--config', config]);
  };
  const [launchA, launchB] = [await client('a'), await client('b')];
  launchB();
  await until(async () => (await stats(url)).connections === 1, {
    seconds: 30,
    every: 20,
    what: 'client B is connected',
  });
  let a: Program | undefined;
  return {
    programs,
    start: async () => {
      a = launchA();
    },
    stop: async () => a?.stop(),
    carry: async () => {},
    databases: () => databases(place.home),
    changes: async () => (await stats(url)).cursor,
    close: async () => {
      await stopAll(programs);
      detour?.close();
    },
  };
}

export interface ServerOnly {
  readonly programs: Program[];
  readonly launch: Launcher;
  /** For this process. */
  readonly url: string;
  readonly port: number;
}

export async function openServer(place: Place): Promise<ServerOnly> {
  const programs: Program[] = [];
  const launch = launcher(place, programs);
  const directory = join(place.home, 'server');
  const options = ['--host', '0.0.0.0', '--port', '0', '--sync-directory', directory];
  const server = launch(undefined, ['syncer-server', ...options]);
  const [, found = ''] = await server.says(/listening on http:\/\/[^:\s]+:(\d+)/);
  return { programs, launch, url: `http://127.0.0.1:${found}`, port: Number(found) };
}

/** Clients first: nobody has to come back to a server that is gone. */
export async function stopAll(programs: readonly Program[]): Promise<void> {
  for (const program of programs.toReversed()) await program.stop();
}

type Launcher = (host: 'a' | 'b' | undefined, command: readonly string[]) => Program;

const launcher =
  ({ home, network, ours }: Place, programs: Program[]): Launcher =>
  (host, [name, ...args]) => {
    const role = host === 'a' ? 'A' : host === 'b' ? 'B' : 'server';
    const program = new Program({
      role,
      command: [
        ...network.runOn(host),
        process.execPath,
        ...ours.nodeOptions,
        join(ours.bin, `${name}.js`),
        ...args,
      ],
      cwd: home,
      // A server takes files up to 100 MiB unless it is told otherwise.
      env: { SYNCER_STATE_HOME: join(home, `state-${role}`), SYNCER_MAX_FILE_SIZE: '8589934592' },
    });
    programs.push(program);
    return program;
  };

function writeConfig(
  { home, network, ...directories }: Place,
  which: 'a' | 'b',
  { port }: { readonly port: number },
): string {
  mkdirSync(join(home, `state-${which.toUpperCase()}`));
  const file = join(home, `${which}.yaml`);
  const lines = [
    `client_name: ${which}`,
    `sync_directory: ${directories[which]}`,
    `server_host: ${network.serverAddress(which)}`,
    `server_port: ${port}`,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

const stats = async (url: string): Promise<{ cursor: number; connections: number }> =>
  (await (await fetch(`${url}/v1/stats`)).json()) as { cursor: number; connections: number };

function databases(home: string): { server: number; client: number } {
  return { server: sizeOf(join(home, 'server')), client: sizeOf(join(home, 'state-A')) };
}

/** Bytes of the SQLite files somewhere below. */
function sizeOf(top: string): number {
  const files = readdirSync(top, { recursive: true, withFileTypes: true });
  const sizes = files
    .filter(({ name }) => /\.sqlite(?:-wal)?$/.test(name))
    .map(({ parentPath, name }) => statSync(join(parentPath, name)).size);
  return sizes.reduce((sum, size) => sum + size, 0);
}
