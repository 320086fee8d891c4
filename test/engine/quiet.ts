import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { Versioned } from '../../src/core/entry.ts';
import { pathOf } from '../../src/core/tree.ts';
import type { Client, Rig } from './rig.ts';

/**
 * Lets all come to rest, and asks what must hold of every row of the catalogue: all disks are what the server is, all
 * states agree, nobody has a problem, nothing of ours lies about, and one more turn does nothing at all.
 */
export async function quiet(rig: Rig): Promise<void> {
  await rig.settle();
  const wanted = serverTree(rig);
  for (const client of rig.clients) {
    expect(diskTree(client), `the disk of ${client.name}`).toEqual(wanted);
    expect(client.session.state.changed(), `the state of ${client.name}`).toEqual([]);
    expect(client.session.problems.all(), `the problems of ${client.name}`).toEqual([]);
    expect(leftOvers(client), `left by ${client.name}`).toEqual([]);
  }
  const before = workOf(rig);
  await rig.settle();
  expect(workOf(rig), 'a second pass').toEqual(before);
}

/** What went over the wire but questions, and how far the history is. */
const workOf = ({ server, clients }: Rig) => ({
  cursor: server.cursor,
  commits: clients.map(({ wire }) => wire.count('commit')),
  sent: clients.map(({ wire }) => wire.sent.length),
  fetched: clients.map(({ wire }) => wire.fetched.length),
});

const serverTree = ({ server: { tree } }: Rig): Record<string, string> =>
  sorted([...tree.entries()].map(([id, entry]) => [pathOf(tree, id)?.join('/'), told(entry)]));

const told = (entry: Versioned): string => {
  if (entry.kind === 'symlink') return `-> ${entry.target}`;
  return entry.kind === 'directory' ? 'dir' : entry.checksum;
};

function diskTree(client: Client): Record<string, string> {
  const isPlain = (text: string): boolean => text === 'dir' || text.startsWith('-> ');
  const checksum = (text: string): string => createHash('sha256').update(text).digest('hex');
  const all = Object.entries(client.files());
  return sorted(all.map(([path, text]) => [path, isPlain(text) ? text : checksum(text)]));
}

const sorted = (all: readonly (readonly [string | undefined, string])[]): Record<string, string> =>
  Object.fromEntries(
    all
      .map(([path = 'nowhere', text]) => [path, text] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

const leftOvers = ({ user }: Client): string[] =>
  [...user.snapshot().keys()].filter((path) => /^\.syncer\/(?:staging|lifted)\/./.test(path));
