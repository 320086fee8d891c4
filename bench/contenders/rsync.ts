import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Program, runToEnd } from '../system/program.ts';
import type { Contender, Place, Session } from './contender.ts';
import { versionOf } from './installed.ts';
import { isListening } from './is-listening.ts';

const PORT = 8730;

/** A's directory is carried to a daemon on B, whenever one says so. */
export const rsync: Contender = {
  name: 'rsync',
  isLive: false,
  version: () => versionOf('rsync', ['--version'], /version (\S+)/),
  open,
};

async function open({ home, a, b, network }: Place): Promise<Session> {
  const config = join(home, 'rsyncd.conf');
  const owner = `uid = ${process.getuid?.()}\ngid = ${process.getgid?.()}\n`;
  writeFileSync(
    config,
    `${owner}use chroot = no\nreverse lookup = no\n[b]\npath = ${b}\nread only = no\n`,
  );
  const command = ['rsync', '--daemon', '--no-detach', `--config=${config}`, `--port=${PORT}`];
  const daemon = new Program({
    role: 'B',
    command: [...network.runOn('b'), ...command, `--address=${network.address('b')}`],
    cwd: home,
  });
  const programs = [daemon];
  await isListening(daemon, network.address('b'), PORT);
  const to = `rsync://${network.address('b')}:${PORT}/b/`;
  const run = (): Promise<void> =>
    runToEnd(
      {
        role: 'A',
        command: [...network.runOn('a'), 'rsync', '--archive', '--delete', `${a}/`, to],
        cwd: home,
      },
      (program) => programs.push(program),
    );
  return { programs, start: run, carry: run, stop: async () => {}, close: () => daemon.stop() };
}
