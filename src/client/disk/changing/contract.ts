import { Buffer } from 'node:buffer';
import { expect } from 'vitest';
import type { User } from '../user.ts';
import type { Test } from '../world.ts';
import {
  bare,
  lookAt,
  META,
  OLD,
  problemOf,
  put,
  putOver,
  readAll,
  shown,
  staged,
  stagedOf,
  trashOf,
} from '../world.ts';

export function stageTests(test: Test): void {
  test('[C09] what was written to since it was looked at, with size and time put back, is left alone', async (w) => {
    w.user.write('a', 'one');
    const racy = await lookAt(w.disk, ['a']);
    await w.settle();
    w.user.write('a', 'two');
    w.user.setTime('a', racy.mtime);
    const staged = { content: 'new', expected: racy };
    expect(racy.fingerprint).toBe('');
    expect(await problemOf(putOver(w.disk, ['a'], staged))).toBe('changed');
    expect(await problemOf(w.disk.trash(['a'], racy))).toBe('changed');
    expect(w.user.read('a')).toBe('two');
  });
  test('a staged file is nowhere to be seen, and gone when it is discarded', async (w) => {
    const { disk, user } = w;
    const [open, written, finished] = [await disk.stage(), await disk.stage(), await disk.stage()];
    await written.write(Buffer.from('abc'));
    await finished.finish(META);
    expect(await disk.list([])).toEqual([]);
    expect(stagedOf(user)).toHaveLength(3);
    for (const file of [open, written, finished]) {
      await file.discard();
      await file.discard();
    }
    expect(stagedOf(user)).toEqual([]);
  });
  test('nothing is written after finish, and finish is once', async ({ disk }) => {
    const file = await staged(disk, 'abc');
    await expect((async () => file.write(Buffer.from('d')))()).rejects.toThrow('finished');
    await expect((async () => file.finish(META))()).rejects.toThrow('finished');
    const unfinished = await disk.stage();
    await expect(disk.place(unfinished, ['a'], undefined)).rejects.toThrow('finished');
    await unfinished.discard();
    await expect((async () => unfinished.write(Buffer.from('d')))()).rejects.toThrow('discarded');
  });
  test('writes follow each other, also when nobody waits', async ({ disk }) => {
    const file = await disk.stage();
    await Promise.all(['a', 'bc', 'def'].map((text) => file.write(Buffer.from(text))));
    await file.finish(META);
    await disk.place(file, ['a'], undefined);
    expect((await readAll(disk, ['a'])).text).toBe('abcdef');
  });
}

export function placeTests(test: Test): void {
  test('gives a new file its bytes, time and mode', async ({ disk, user, settle }) => {
    const file = await staged(disk, 'abc', { mtime: OLD, executable: true });
    const look = await disk.place(file, ['a'], undefined);
    expect(look).toMatchObject({ kind: 'file', size: 3, mtime: OLD, executable: true });
    expect([...shown(user)]).toEqual([['a', 'abc']]);
    await file.discard();
    await settle();
    // Its time is long ago: a stranger's write would show, so the look holds.
    expect(await disk.look(['a'])).toEqual(look);
    expect(stagedOf(user)).toEqual([]);
  });
  test('[C11] times before 1970 and far ahead', async ({ disk }) => {
    for (const mtime of [-1, -123_456_789, 0, Date.UTC(2200, 1, 1)]) {
      const file = await staged(disk, 'abc', { mtime, executable: false });
      expect((await disk.place(file, [`a${mtime}`], undefined)).mtime).toBe(mtime);
    }
  });
  test('[C10] without a fingerprint, size and time tell whether it is expected', async (w) => {
    const { disk, user } = w;
    const look = bare(await put(disk, ['a'], 'abc'));
    const longer = { ...look, size: 4 };
    const later = { ...look, mtime: OLD + 1 };
    for (const expected of [longer, later]) {
      expect(await problemOf(putOver(disk, ['a'], { content: 'new', expected }))).toBe('changed');
    }
    await putOver(disk, ['a'], { content: 'new', expected: look });
    expect(user.read('a')).toBe('new');
  });
  test('never takes a name that is taken', async ({ disk, user }) => {
    user.write('a', 'theirs');
    user.makeDirectory('d');
    user.symlink('l', 'nowhere');
    const file = await staged(disk, 'ours');
    for (const name of ['a', 'd', 'l']) {
      expect(await problemOf(disk.place(file, [name], undefined))).toBe('exists');
    }
    expect(await problemOf(disk.place(file, ['none', 'b'], undefined))).toBe('absent');
    expect(await problemOf(disk.place(file, ['a', 'b'], undefined))).toBe('absent');
    expect(user.read('a')).toBe('theirs');
    await disk.place(file, ['d', 'a'], undefined);
    expect(user.read('d/a')).toBe('ours');
  });
  test('what is replaced goes to the trash', async ({ disk, user, settle }) => {
    user.write('d/a', 'one');
    user.symlink('l', 'd');
    await settle();
    const look = await putOver(disk, ['d', 'a'], {
      content: 'two',
      expected: await lookAt(disk, ['d', 'a']),
    });
    await putOver(disk, ['d', 'a'], { content: 'three', expected: look });
    await putOver(disk, ['l'], { content: 'file', expected: await lookAt(disk, ['l']) });
    expect(shown(user)).toEqual(new Map([...dir('d'), ['d/a', 'three'], ['l', 'file']]));
    const kept = { 'd/a': 'one', 'd/a (2)': 'two', l: '-> d' };
    expect(trashOf(user)).toEqual(new Map(Object.entries(kept)));
  });
  test('[C02] replaces only what was expected', async ({ disk, user, settle }) => {
    user.write('a', 'one');
    user.makeDirectory('d');
    await settle();
    const [look, directory] = [await lookAt(disk, ['a']), await lookAt(disk, ['d'])];
    const file = await staged(disk, 'ours');
    expect(await problemOf(disk.place(file, ['d'], directory))).toBe('exists');
    expect(await problemOf(disk.place(file, ['d'], look))).toBe('changed');
    expect(await problemOf(disk.place(file, ['none'], look))).toBe('changed');
    expect(await problemOf(disk.place(file, ['none', 'a'], look))).toBe('absent');
    await everyChange(user, async () => {
      expect(await problemOf(disk.place(file, ['a'], look))).toBe('changed');
      expect(await problemOf(disk.place(file, ['a'], bare(look)))).toBe('changed');
    });
    expect(trashOf(user)).toEqual(new Map());
    expect(stagedOf(user)).toHaveLength(1);
  });
}

const dir = (name: string): [string, string][] => [[name, 'dir']];

/** Whatever a person does to the file `a`, the step sees it and leaves it. */
async function everyChange(user: User, step: () => Promise<void>): Promise<void> {
  const changes = [
    () => user.append('a', '+'),
    () => user.write('a', 'longer than before'),
    () => {
      user.write('b', 'one');
      user.rename('b', 'a');
    },
    () => {
      user.remove('a');
      user.symlink('a', 'elsewhere');
    },
  ];
  for (const change of changes) {
    change();
    const before = shown(user);
    await step();
    expect(shown(user)).toEqual(before);
  }
}

export function directoryTests(test: Test): void {
  test('makes one where nothing is', async ({ disk, user }) => {
    user.write('file', '');
    expect(await disk.makeDirectory(['a'])).toMatchObject({ kind: 'directory', size: 0 });
    await disk.makeDirectory(['a', 'b']);
    expect((await lookAt(disk, ['a'])).inode).not.toBe((await lookAt(disk, ['a', 'b'])).inode);
    for (const name of ['a', 'file']) {
      expect(await problemOf(disk.makeDirectory([name]))).toBe('exists');
    }
    expect(await problemOf(disk.makeDirectory(['none', 'a']))).toBe('absent');
    expect(await problemOf(disk.makeDirectory(['file', 'a']))).toBe('absent');
  });
  test('removes an empty one and nothing else', async ({ disk, user }) => {
    user.write('full/file', '');
    user.makeDirectory('empty');
    user.symlink('link', 'empty');
    expect(await problemOf(disk.removeDirectory(['full']))).toBe('not-empty');
    for (const path of [['none'], ['full', 'file'], ['link']]) {
      expect(await problemOf(disk.removeDirectory(path))).toBe('absent');
    }
    await disk.removeDirectory(['empty']);
    expect([...shown(user).keys()].sort()).toEqual(['full', 'full/file', 'link']);
  });
}

export function symlinkTests(test: Test): void {
  test('makes one, at a free name or over what was expected', async ({ disk, user }) => {
    user.write('a', 'one');
    const look = await disk.makeSymlink(['l'], 'a', undefined);
    expect(look).toMatchObject({ kind: 'symlink', target: 'a' });
    expect(await problemOf(disk.makeSymlink(['l'], 'b', undefined))).toBe('exists');
    await disk.makeSymlink(['a'], 'l', await lookAt(disk, ['a']));
    expect(await problemOf(disk.makeSymlink(['a'], 'l', look))).toBe('changed');
    const again = await disk.makeSymlink(['l'], 'b', look);
    expect(await disk.look(['l'])).toEqual(again);
    expect(shown(user)).toEqual(new Map(Object.entries({ a: '-> l', l: '-> b' })));
    expect(trashOf(user)).toEqual(new Map(Object.entries({ a: 'one', l: '-> a' })));
    expect(stagedOf(user)).toEqual([]);
  });
  test('[C24] refuses targets that leave the directory', async ({ disk, user }) => {
    user.makeDirectory('d');
    const targets = ['/etc', '../..', '../../x', 'a/../../../x', 'a\\b', '', '../.SYNCER/trash'];
    for (const target of [...targets, 'x'.repeat(248), '\ud800']) {
      expect(await problemOf(disk.makeSymlink(['d', 'l'], target, undefined))).toBe('unsupported');
    }
    await disk.makeSymlink(['d', 'l'], '../x', undefined);
    const look = await lookAt(disk, ['d', 'l']);
    expect(await problemOf(disk.move(['d', 'l'], ['l'], look))).toBe('unsupported');
    expect([...shown(user)]).toEqual([...dir('d'), ['d/l', '-> ../x']]);
  });
}

export function moveTests(test: Test): void {
  test('moves files, links and whole directories', async ({ disk, user, settle }) => {
    user.write('file', 'abc');
    user.setTime('file', OLD);
    user.symlink('link', 'file');
    user.write('full/deep/x', 'x');
    user.makeDirectory('to');
    await settle();
    const before = await lookAt(disk, ['file']);
    const after = await disk.move(['file'], ['to', 'file'], before);
    expect(bare(after)).toEqual(bare(before));
    await disk.move(['link'], ['to', 'link'], await lookAt(disk, ['link']));
    const full = await lookAt(disk, ['full']);
    user.write('full/y', 'y');
    expect((await disk.move(['full'], ['to', 'moved'], full)).inode).toBe(full.inode);
    const { 'to/file': file, 'to/link': link } = Object.fromEntries(shown(user));
    expect([file, link]).toEqual(['abc', '-> file']);
    expect([...shown(user).keys()].filter((name) => !name.startsWith('to'))).toEqual([]);
    expect(user.read('to/moved/deep/x')).toBe('x');
    await settle();
    expect(await disk.look(['to', 'file'])).toEqual(after);
  });
  test('who did not know the bytes does not know them after', async ({ disk, user }) => {
    user.write('a', 'abc');
    user.setTime('a', OLD);
    const racy = { ...(await lookAt(disk, ['a'])), fingerprint: '' };
    expect((await disk.move(['a'], ['b'], racy)).fingerprint).toBe('');
  });
  test('never takes a name that is taken', async ({ disk, user }) => {
    user.write('a', '1');
    user.write('b', '2');
    user.makeDirectory('d/inner');
    user.makeDirectory('e');
    const all = shown(user);
    const [a, d] = [await lookAt(disk, ['a']), await lookAt(disk, ['d'])];
    for (const name of ['b', 'd', 'a']) {
      expect(await problemOf(disk.move(['a'], [name], a))).toBe('exists');
    }
    for (const name of ['a', 'e']) {
      expect(await problemOf(disk.move(['d'], [name], d))).toBe('exists');
    }
    expect(await problemOf(disk.move(['a'], ['none', 'a'], a))).toBe('absent');
    expect(await problemOf(disk.move(['none'], ['x'], a))).toBe('absent');
    expect(await problemOf(disk.move(['d'], ['d', 'inner', 'd'], d))).toBe('unsupported');
    expect(shown(user)).toEqual(all);
  });
  test('moves only what was expected', async ({ disk, user, settle }) => {
    user.write('a', 'one');
    await settle();
    const look = await lookAt(disk, ['a']);
    await everyChange(user, async () => {
      expect(await problemOf(disk.move(['a'], ['b'], look))).toBe('changed');
    });
  });
  test('[C13] a name is spelled anew', async ({ disk, user, settle }) => {
    user.write('Name', 'abc');
    user.makeDirectory('Dir');
    await settle();
    await disk.move(['Name'], ['name'], await lookAt(disk, ['Name']));
    await disk.move(['Dir'], ['dir'], await lookAt(disk, ['Dir']));
    expect((await disk.list([])).map(({ name }) => name).sort()).toEqual(['dir', 'name']);
    user.write('NAME', 'other');
    const isTaken = disk.features.caseSensitive ? 'exists' : 'none';
    expect(await problemOf(disk.move(['name'], ['NAME'], await lookAt(disk, ['name'])))).toBe(
      isTaken,
    );
  });
}

export function touchTests(test: Test): void {
  test('sets time and mode, and vouches for nothing else', async ({ disk, user, settle }) => {
    user.write('a', 'abc');
    await settle();
    const meta = { mtime: OLD, executable: true };
    const look = await disk.touch(['a'], meta, await lookAt(disk, ['a']));
    expect(look).toMatchObject({ ...meta, size: 3, fingerprint: '' });
    expect((await disk.touch(['a'], META, look)).executable).toBe(false);
    expect(user.read('a')).toBe('abc');
  });
  test('only of the file that was expected', async ({ disk, user, settle }) => {
    user.write('a', 'one');
    user.makeDirectory('d');
    await settle();
    const [look, directory] = [await lookAt(disk, ['a']), await lookAt(disk, ['d'])];
    expect(await problemOf(disk.touch(['none'], META, look))).toBe('absent');
    expect(await problemOf(disk.touch(['d'], META, directory))).toBe('unsupported');
    user.append('a', '+');
    expect(await problemOf(disk.touch(['a'], META, look))).toBe('changed');
    expect((await lookAt(disk, ['a'])).mtime).not.toBe(OLD);
  });
}

export function trashTests(test: Test): void {
  test('keeps whatever is thrown away, under names of its own', async ({ disk, user }) => {
    const away = async (name: string) => {
      const path = name.split('/');
      await disk.trash(path, await lookAt(disk, path));
    };
    for (const content of ['1', '2']) {
      user.write('a', content);
      await away('a');
    }
    user.symlink('l', 'a');
    await away('l');
    user.write('a/b', '3');
    await away('a/b');
    expect(shown(user)).toEqual(new Map(dir('a')));
    const kept = { a: '1', 'a (2)': '2', l: '-> a', 'a/b (3)': '3' };
    expect(trashOf(user)).toEqual(new Map(Object.entries(kept)));
  });
  test('[C03] only what was expected, and no directory', async ({ disk, user, settle }) => {
    user.write('a', 'one');
    user.makeDirectory('d');
    await settle();
    const [look, directory] = [await lookAt(disk, ['a']), await lookAt(disk, ['d'])];
    expect(await problemOf(disk.trash(['none'], look))).toBe('absent');
    expect(await problemOf(disk.trash(['d'], directory))).toBe('unsupported');
    await everyChange(user, async () => {
      expect(await problemOf(disk.trash(['a'], look))).toBe('changed');
    });
    expect(trashOf(user)).toEqual(new Map());
  });
}
