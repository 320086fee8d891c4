import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Program, runToEnd } from '../system/program.ts';
import type { Contender, Place, Session } from './contender.ts';
import { versionOf } from './installed.ts';
import { isListening } from './is-listening.ts';

const PORT = 8740;

/** Both directories are compared and made equal, whenever one says so; B's side is a server on a socket. */
export const unison: Contender = {
  name: 'Unison',
  isLive: false,
  version: () => versionOf('unison', ['-version'], /version (\S+)/),
  open,
};

async function open({ home, a, b, network }: Place): Promise<Session> {
  const archives = { a: join(home, 'archives-a'), b: join(home, 'archives-b') };
  mkdirSync(archives.a);
  mkdirSync(archives.b);
  const server = new Program({
    role: 'B',
    command: [...network.runOn('b'), 'unison', '-socket', String(PORT)],
    cwd: home,
    env: { UNISON: archives.b },
  });
  const programs = [server];
  await isListening(server, network.address('b'), PORT);
  const to = `socket://${network.address('b')}:${PORT}/${b}`;
  const options = ['-batch', '-auto', '-times', '-confirmbigdel=false', '-ui', 'text'];
  const run = (): Promise<void> =>
    runToEnd(
      {
        role: 'A',
        command: [...network.runOn('a'), 'unison', a, to, ...options],
        cwd: home,
        env: { UNISON: archives.a },
      },
      (program) => programs.push(program),
    );
  return { programs, start: run, carry: run, stop: async () => {}, close: () => server.stop() };
}
