import { join } from 'node:path';
import { check } from '../../src/client/config.ts';
import { writeConfig } from '../../src/client/write-config.ts';
import { DemoProcess } from './demo-process.ts';
import type { Place } from './place.ts';

type Say = (line: string) => void;

export interface DemoServer {
  readonly url: string;
  readonly port: number;
  readonly process: DemoProcess;
}

/** A server on a free port of this machine, with everything it keeps in `server`. Throws when it does not start. */
export async function startServer({ root }: Place): Promise<DemoServer> {
  const said: string[] = [];
  const listening = Promise.withResolvers<string>();
  const options = ['--host', '127.0.0.1', '--port', '0', '--sync-directory', join(root, 'server')];
  const server = new DemoProcess({
    command: ['syncer-server', ...options],
    onLine: (line) => {
      said.push(line);
      const [, url] = /listening on (http:\S+)/.exec(line) ?? [];
      if (url !== undefined) listening.resolve(url);
    },
  });
  const failed = server.ended.then(() => {
    throw new Error(`The server did not start:\n${said.join('\n')}`);
  });
  const url = await Promise.race([listening.promise, failed]);
  failed.catch(() => undefined);
  return { url, port: Number(new URL(url).port), process: server };
}

interface DemoClient {
  readonly name: string;
  readonly port: number;
  readonly say: Say;
}

/** A client with a configuration of its own; the port is another one at each run. */
export function startClient(place: Place, { name, port, say }: DemoClient): DemoProcess {
  const file = join(place.root, `${name}.yaml`);
  const values = {
    client_name: name,
    sync_directory: place.directoryOf(name),
    server_host: '127.0.0.1',
    server_port: port,
  };
  writeConfig(file, check(file, values), { overwrite: true });
  const environment = {
    SYNCER_STATE_HOME: join(place.root, 'state'),
    ...(process.stdout.isTTY && { FORCE_COLOR: '1' }),
  };
  return new DemoProcess({
    command: ['syncer-client', 'start', '--config', file],
    environment,
    onLine: (line) => say(`${name.padEnd(4)} │ ${line}`),
  });
}
