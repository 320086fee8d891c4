// First of all: what follows takes the functions that this has put in their places.
import './watch-disk.ts';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { System } from '../../src/client/disk/node/inside.ts';
import { nodeDisk } from '../../src/client/disk/node.ts';
import { lookAt, META, put, putOver } from '../../src/client/disk/world.ts';
import type { Disk } from '../../src/client/ports.ts';
import { failNextSync, namedTooEarly, notDurable } from './watch-disk.ts';

/** What is staged, and has no name yet, is removed after a crash. */
const LEFT_OUT = ['.syncer/staging'];

type Step = readonly [name: string, run: (disk: Disk) => Promise<unknown>];

const STEPS: readonly Step[] = [
  ['a new file', (disk) => put(disk, ['new'], 'N')],
  ['a new file in a directory', (disk) => put(disk, ['d', 'new'], 'N')],
  [
    'a file in the place of another',
    async (disk) =>
      putOver(disk, ['d', 'f'], { content: 'later', expected: await lookAt(disk, ['d', 'f']) }),
  ],
  ['a new directory', (disk) => disk.makeDirectory(['d', 'e'])],
  ['a symlink', (disk) => disk.makeSymlink(['d', 'link'], 'f', undefined)],
  [
    'a move into another directory',
    async (disk) => disk.move(['d', 'f'], ['to', 'g'], await lookAt(disk, ['d', 'f'])),
  ],
  [
    'a directory that moves',
    async (disk) => disk.move(['d'], ['to', 'd'], await lookAt(disk, ['d'])),
  ],
  [
    'a time that is set',
    async (disk) => disk.touch(['d', 'f'], META, await lookAt(disk, ['d', 'f'])),
  ],
  [
    'what goes to the trash',
    async (disk) => disk.trash(['d', 'f'], await lookAt(disk, ['d', 'f'])),
  ],
  ['a directory that is removed', (disk) => disk.removeDirectory(['to', 'empty'])],
  [
    'what is lifted out of the way',
    async (disk) => disk.lift(['d', 'f'], 'node', await lookAt(disk, ['d', 'f'])),
  ],
  [
    'what was lifted and is put down',
    async (disk) => {
      await disk.lift(['d', 'f'], 'node', await lookAt(disk, ['d', 'f']));
      await disk.lower('node', ['to', 'f']);
    },
  ],
  [
    'what comes back from the trash',
    async (disk) => {
      await disk.trash(['d', 'f'], await lookAt(disk, ['d', 'f']));
      const thing = (await disk.trashed()).find(({ path }) => path.at(-1) === 'f');
      await disk.restore(thing ?? { layer: '', path: [] }, ['to', 'again']);
    },
  ],
];

describe.each([
  ['as Linux has it', {}],
  ['without open directories', { anchored: false }],
  ['without hard links', { hardLinks: false }],
] as const satisfies [string, Partial<System>][])('the real disk, %s', (_, system) => {
  let root = '';
  let disk: Disk;

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'syncer-'));
    disk = nodeDisk({ root, now: Date.now, system });
    await disk.bind('instance');
    for (const name of ['d', 'to', 'to/empty']) mkdirSync(join(root, name));
    await put(disk, ['d', 'f'], 'F');
    await disk.sync();
    // What was made by hand is durable by what is done beside it.
    await put(disk, ['to', 'first'], '1');
    await put(disk, ['to', 'empty', 'first'], '1');
    await disk.trash(['to', 'empty', 'first'], await lookAt(disk, ['to', 'empty', 'first']));
    await disk.makeDirectory(['second']);
    namedTooEarly();
    await disk.sync();
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it.each(STEPS)('[D01] [D02] survives a power loss once it is synced: %s', async (_name, run) => {
    expect(notDurable(root, LEFT_OUT)).toEqual([]);
    await run(disk);
    await disk.sync();
    expect(notDurable(root, LEFT_OUT)).toEqual([]);
  });

  it('[D09] what could not be made durable once is never said to be, until the program starts anew', async () => {
    await disk.makeDirectory(['third']);
    failNextSync(Object.assign(new Error('EIO: the disk reports an error'), { code: 'EIO' }));
    await expect(disk.sync()).rejects.toMatchObject({ problem: 'unreadable' });
    await expect(disk.sync()).rejects.toMatchObject({ problem: 'unreadable' });
  });

  it.each(STEPS)('[D01] gives no name to bytes that are not durable: %s', async (_name, run) => {
    await run(disk);
    expect(namedTooEarly()).toEqual([]);
  });
});
