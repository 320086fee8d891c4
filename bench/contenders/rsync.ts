import { readFileSync, writeFileSync } from 'node:fs';
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
  const owner = isReallyRoot() ? 'uid = 0\ngid = 0\n' : '';
  const rest = 'use chroot = no\nreverse lookup = no\n';
  writeFileSync(config, `${owner}${rest}[b]\npath = ${b}\nread only = no\n`);
  const command = [
    ...asNobody(),
    'rsync',
    '--daemon',
    '--no-detach',
    `--config=${config}`,
    `--port=${PORT}`,
  ];
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

/** In a user namespace it would take itself for root, and fail to become what it is. */
const asNobody = (): readonly string[] =>
  isRoot() && !isReallyRoot() ? ['unshare', '--user'] : [];

const isRoot = (): boolean => process.getuid?.() === 0;

/** All users are mapped there, each to itself, but in a user namespace. */
const isReallyRoot = (): boolean =>
  isRoot() && readFileSync('/proc/self/uid_map', 'utf8').includes('4294967295');
