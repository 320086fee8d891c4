import { ROOT, type Versioned } from '../../src/core/entry.ts';
import { type MergeInput, merge } from '../../src/core/merge.ts';
import { MemoryTree, Overlay } from '../../src/core/tree.ts';
import { type Timed, timeIt } from './time-it.ts';

const FILES = 20_000;
const PER_DIRECTORY = 50;

/** The decision of a client with many files: of one change, and of all at once. */
export async function decision(): Promise<Timed[]> {
  const synced = new MemoryTree<Versioned>(entries());
  const one = edited(synced, ['file-1']);
  const all = edited(
    synced,
    Array.from({ length: FILES }, (_, file) => `file-${file}`),
  );
  const times = 1000;
  return [
    await timeIt({
      what: `merge one change in ${FILES} files`,
      run: () => {
        for (let time = 0; time < times; time += 1) merge(one);
      },
      amount: { count: times, unit: 'merges' },
    }),
    await timeIt({
      what: `merge ${FILES} changes`,
      run: () => merge(all),
      amount: { count: FILES, unit: 'changes' },
    }),
  ];
}

function* entries(): Iterable<readonly [string, Versioned]> {
  const versions = { placeVersion: 1, contentVersion: 1, author: 'a' };
  for (let group = 0; group < FILES / PER_DIRECTORY; group += 1) {
    const place = { parent: ROOT, name: `group-${group}` };
    yield [`group-${group}`, { kind: 'directory', ...place, ...versions }];
  }
  for (let file = 0; file < FILES; file += 1) {
    const parent = `group-${Math.floor(file / PER_DIRECTORY)}`;
    const content = { checksum: checksum(file), size: 4096, mtime: 1, executable: false };
    yield [`file-${file}`, { kind: 'file', parent, name: `${file}.txt`, ...content, ...versions }];
  }
}

const checksum = (number: number): string => number.toString(16).padStart(64, '0');

function edited(synced: MemoryTree<Versioned>, changed: readonly string[]): MergeInput {
  const local = new Overlay<Versioned>(synced);
  for (const id of changed) {
    const entry = synced.get(id);
    if (entry?.kind === 'file') local.set(id, { ...entry, checksum: checksum(FILES), mtime: 2 });
  }
  const nothing = { sheltered: () => false, taken: () => false, newId: () => 'never' };
  return { synced, local, remote: synced, changed, clientName: 'a', ...nothing };
}
