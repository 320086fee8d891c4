import { fileURLToPath } from 'node:url';
import { type Arena, measure } from '../arena.ts';
import type { Place, Session } from '../contenders/contender.ts';
import { openServer, stopAll } from '../contenders/syncer.ts';
import type { Line } from '../lines/line.ts';
import type { Measurement } from '../measurement.ts';
import { Program } from '../system/program.ts';
import { memory } from '../system/usage.ts';

interface CrowdSession extends Session {
  /** So many clients are connected when it returns; `tell` lets one of them change something, often. */
  gather(clients: number): Promise<{ tell(changes: number): Promise<number[]> }>;
}

/** A server of ours, and nobody yet. */
export async function openCrowd(place: Place): Promise<CrowdSession> {
  const { programs, port } = await openServer(place);
  const nothing = async (): Promise<void> => {};
  const gather: CrowdSession['gather'] = async (clients) => {
    const script = fileURLToPath(new URL('listen.ts', import.meta.url));
    const url = `http://${place.network.serverAddress('a')}:${port}`;
    const crowd = new Program({
      role: 'A',
      command: [...place.network.runOn('a'), process.execPath, script, url, String(clients)],
      cwd: place.home,
      waits: true,
    });
    programs.push(crowd);
    await crowd.says(/<all are here>/, 300);
    return { tell: (changes) => tell(crowd, changes) };
  };
  return {
    programs,
    start: nothing,
    stop: nothing,
    carry: nothing,
    close: () => stopAll(programs),
    gather,
  };
}

async function tell(crowd: Program, changes: number): Promise<number[]> {
  crowd.write(`${changes}\n`);
  const [, times = ''] = await crowd.says(/<times: ([\d. ]+)>/, 300);
  return times.split(' ').map(Number);
}

export const CROWD_LINES: readonly Line[] = [
  {
    key: 'crowd',
    contenders: ['Syncer'],
    after: [],
    run: (arena) =>
      measureCrowd(arena, { line: 'crowd', clients: arena.sizes.clients, changes: 100 }),
  },
  {
    key: 'connections',
    contenders: ['Syncer'],
    after: [],
    run: (arena) =>
      measureCrowd(arena, { line: 'connections', clients: arena.sizes.connections, changes: 10 }),
  },
];

interface Crowd {
  readonly line: string;
  readonly clients: number;
  readonly changes: number;
}

/** From a commit's beginning until the last of all has been told, of each of these changes. */
async function measureCrowd(arena: Arena, { line, clients, changes }: Crowd): Promise<Measurement> {
  const session = arena.session as CrowdSession;
  const crowd = await session.gather(clients);
  const [server] = session.programs;
  const measurement = await measure(arena, {
    line,
    act: () => crowd.tell(changes),
    more: async () => ({ server: memory(server?.pid ?? 0, 'VmRSS') }),
  });
  await session.programs.at(-1)?.stop();
  return measurement;
}
