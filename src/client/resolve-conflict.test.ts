import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ignorePatterns } from '../core/ignore.ts';
import { nodeDisk } from './disk/node.ts';
import { clientInCopies, conflictsIn } from './find-conflicts.ts';
import { type Disk, DiskError, type Path } from './ports.ts';
import { type Keep, resolveConflict, type Settled } from './resolve-conflict.ts';
import { survey } from './survey.ts';

let root: string;
let disk: Disk;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'syncer-'));
  disk = nodeDisk({ root, now: Date.now });
  await disk.bind('instance');
});
afterEach(() => rmSync(root, { recursive: true }));

const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

/** Every file below, with its text; of the trash without the day. */
function filesIn(top: string): Record<string, string> {
  const files = readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name));
  const named = files.map((file) => [file.slice(top.length + 1), readFileSync(file, 'utf8')]);
  return Object.fromEntries(named.sort(([a = ''], [b = '']) => (a < b ? -1 : 1)));
}

const visible = (): Record<string, string> =>
  Object.fromEntries(Object.entries(filesIn(root)).filter(([path]) => !path.startsWith('.syncer')));
const trashed = (): string[] => {
  const layers = readdirSync(join(root, '.syncer/trash'));
  return layers.flatMap((day) => Object.values(filesIn(join(root, '.syncer/trash', day)))).sort();
};

async function settle(keep: Keep, parent: Path = []): Promise<Settled> {
  const copies = await conflictsIn(disk, parent);
  return await resolveConflict(disk, { keep, copies, client: clientInCopies('Anna') });
}

const BEN = 'report (conflict, Ben, 2026-11-22 17-54-14).txt';
const ANNA = 'report (conflict, Anna, 2026-11-22 17-54-14).txt';

describe('one conflict copy', () => {
  it.each([
    { copy: BEN, keep: 'local', kept: 'original', gone: 'copy' },
    { copy: BEN, keep: 'remote', kept: 'copy', gone: 'original' },
    { copy: ANNA, keep: 'local', kept: 'copy', gone: 'original' },
    { copy: ANNA, keep: 'remote', kept: 'original', gone: 'copy' },
  ] as const)('$copy, keep $keep: the $kept has the path', async ({ copy, keep, kept, gone }) => {
    put('report.txt', 'original');
    put(copy, 'copy');
    const settled = await settle(keep);
    expect(visible()).toEqual({ 'report.txt': kept });
    expect(trashed()).toEqual([gone]);
    expect(settled.winner).toEqual(kept === 'copy' ? [copy] : undefined);
    expect(settled.trashed).toEqual([kept === 'copy' ? ['report.txt'] : [copy]]);
  });

  it('both: the copy gets the first plain name that is free, and is listed no more', async () => {
    put('d/report.txt', 'original');
    put('d/report (Ben).txt', 'another');
    put(`d/${BEN}`, 'copy');
    await settle('both', ['d']);
    expect(visible()).toEqual({
      'd/report.txt': 'original',
      'd/report (Ben).txt': 'another',
      'd/report (Ben 2).txt': 'copy',
    });
    expect((await survey(disk, ignorePatterns([]))).conflicts).toEqual([]);
  });

  it('a path that is free is taken: a crash between the two steps is repaired by doing it again', async () => {
    put(ANNA, 'copy');
    await settle('local');
    expect(visible()).toEqual({ 'report.txt': 'copy' });
  });

  it('is not trashed when it is the only version there is', async () => {
    put(BEN, 'copy');
    await expect(settle('local')).rejects.toThrow('--keep both');
    expect(visible()).toEqual({ [BEN]: 'copy' });
  });

  it('a name of 255 bytes is shortened', async () => {
    put(`${'ä'.repeat(90)} (conflict, Ben, 2026-11-22 17-54-14).txt`, 'copy');
    put(`${'b'.repeat(200)} (conflict, ${'ü'.repeat(8)}, 2).txt`, 'long');
    await settle('both');
    expect(Object.values(visible()).sort()).toEqual(['copy', 'long']);
    expect((await conflictsIn(disk, [])).length).toBe(0);
  });
});

it('of several copies the newest of the wanted side has the path, the others go to the trash', async () => {
  const copies = {
    'a (conflict, Anna, 2026-01-01 00-00-00).md': 'anna old',
    'a (conflict, Anna, 2026-01-02 00-00-00).md': 'anna new',
    'a (conflict, Ben, 2026-01-03 00-00-00).md': 'ben',
  };
  for (const [path, text] of Object.entries(copies)) put(path, text);
  put('a.md', 'original');
  await settle('local');
  expect(visible()).toEqual({ 'a.md': 'anna new' });
  expect(trashed()).toEqual(['anna old', 'ben', 'original']);
});

it('a whole directory gives way, into the trash', async () => {
  put('docs/a', 'a');
  put('docs/deep/b', 'b');
  put('docs (conflict, Anna)/c', 'c');
  await settle('local');
  expect(visible()).toEqual({ 'docs/c': 'c' });
  expect(trashed()).toEqual(['a', 'b']);
});

it('nothing is done to a directory that holds what the trash cannot take', async () => {
  put('docs/a', 'a');
  symlinkSync('/etc/hostname', join(root, 'docs', 'out'));
  put('docs (conflict, Anna)/c', 'c');
  await expect(settle('local')).rejects.toThrow(DiskError);
  expect(visible()).toEqual({ 'docs/a': 'a', 'docs (conflict, Anna)/c': 'c' });
});

it('counts and lists what is there, without what is ignored', async () => {
  put('report.txt', '12345');
  put(`in/${BEN}`, 'copy');
  put(`build/${BEN}`, 'ignored');
  put('ignored.tmp', '');
  const found = await survey(disk, ignorePatterns(['*.tmp', 'build/']));
  expect(found).toMatchObject({ files: 2, directories: 1, bytes: 9 });
  expect(found.conflicts).toMatchObject([
    { copy: ['in', BEN], original: ['in', 'report.txt'], client: 'Ben' },
  ]);
});
