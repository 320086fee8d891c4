import { expect } from 'vitest';
import type { Disk, Look, Path } from '../../ports.ts';
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
  type Test,
} from '../world.ts';

export function rootTests(test: Test): void {
  test('a new directory is unbound; bound, it names the instance; the latest holds', async (w) => {
    expect(await w.disk.root()).toEqual({ state: 'unbound' });
    await w.disk.bind('one');
    expect(await w.disk.root()).toEqual({ state: 'bound', instance: 'one' });
    await w.disk.bind('two');
    expect(await w.reopen().root()).toEqual({ state: 'bound', instance: 'two' });
    expect(w.disk.features).toMatchObject({ symlinks: true, executableBit: true });
  });
  test('an absent directory is absent, until bind makes it', async ({ disk, removeRoot }) => {
    removeRoot();
    expect(await disk.root()).toEqual({ state: 'absent' });
    expect(await disk.look([])).toBeUndefined();
    expect(await problemOf(disk.list([]))).toBe('absent');
    expect(await disk.lifted()).toEqual([]);
    await disk.tidy(Date.now());
    await disk.bind('one');
    expect(await disk.root()).toEqual({ state: 'bound', instance: 'one' });
  });
  test('[B02] a directory that was emptied is unbound', async ({ disk, user }) => {
    await disk.bind('one');
    user.remove('.syncer');
    expect(await disk.root()).toEqual({ state: 'unbound' });
  });
  test('[B01] [B03] nothing is written into a directory that is not bound', async (w) => {
    const { disk, user } = w;
    user.write('file', 'x');
    const look = await lookAt(disk, ['file']);
    const steps = [
      disk.stage(),
      disk.makeDirectory(['new']),
      disk.makeSymlink(['new'], 'file', undefined),
      disk.move(['file'], ['new'], look),
      disk.touch(['file'], META, look),
      disk.trash(['file'], look),
      disk.lift(['file'], 'n1', look),
      disk.removeDirectory(['file']),
    ];
    for (const step of steps) expect(await problemOf(step)).toBe('absent');
    expect([...user.snapshot()]).toEqual([['file', 'x']]);
  });
}

export function listTests(test: Test): void {
  test('answers names with their looks, without our own', async ({ disk, user, settle }) => {
    user.write('file', 'abc');
    user.makeDirectory('directory/inner');
    user.symlink('link', 'directory/inner');
    await settle();
    const listed = await disk.list([]);
    expect(listed.map(({ name }) => name).sort()).toEqual(['directory', 'file', 'link']);
    for (const { name, look } of listed) expect(look).toEqual(await disk.look([name]));
    expect(listed.find(({ name }) => name === 'link')?.look?.target).toBe('directory/inner');
    expect((await disk.list(['directory'])).map(({ name }) => name)).toEqual(['inner']);
    expect(await disk.list(['directory', 'inner'])).toEqual([]);
  });
  test('absent, and what is no directory, is absent', async ({ disk, user }) => {
    user.write('file', 'abc');
    for (const path of [['none'], ['none', 'a'], ['file'], ['file', 'a']]) {
      expect(await problemOf(disk.list(path))).toBe('absent');
    }
  });
  test('[C24] [C27] what cannot be synchronized is a problem of its own', async ({
    disk,
    user,
  }) => {
    user.makePipe('pipe');
    user.symlink('a/absolute', '/etc/passwd');
    user.symlink('a/out', '../../out');
    user.symlink('a/backslash', 'b\\c');
    user.symlink('a/long', 'x'.repeat(248));
    user.symlink('a/ours', '../.syncer/trash');
    user.symlink('a/within', '../a/x');
    expect(await disk.list([])).toContainEqual({ name: 'pipe', problem: 'unsupported' });
    const problems = (await disk.list(['a'])).map(({ name, problem }) => [name, problem]);
    expect(new Map(problems as [string, string][])).toEqual(
      new Map<string, string | undefined>([
        ...['absolute', 'out', 'backslash', 'long', 'ours'].map((n) => [n, 'unsupported'] as const),
        ['within', undefined],
      ]),
    );
  });
}

export function lookTests(test: Test): void {
  test('tells kind, size, time and mode', async ({ disk, user }) => {
    user.write('a/file', 'abc');
    user.setTime('a/file', OLD);
    user.symlink('link', 'a');
    const file = { kind: 'file', size: 3, mtime: OLD, executable: false };
    expect(await disk.look(['a', 'file'])).toMatchObject(file);
    expect(await disk.look(['a'])).toMatchObject({ kind: 'directory', size: 0, executable: false });
    expect(await disk.look(['link'])).toMatchObject({ kind: 'symlink', size: 0, target: 'a' });
    expect(await disk.look([])).toMatchObject({ kind: 'directory' });
  });
  test('absent is undefined; what cannot be told throws', async ({ disk, user }) => {
    user.write('file', 'abc');
    user.makePipe('pipe');
    for (const path of [['none'], ['none', 'a'], ['file', 'a']]) {
      expect(await disk.look(path)).toBeUndefined();
    }
    expect(await problemOf(disk.look(['pipe']))).toBe('unsupported');
  });
  test('[C04] [C36] the inode stays with the thing, and is never another one’s', async (w) => {
    const { disk, user, settle } = w;
    user.write('a', '1');
    user.write('b', '1');
    const [a, b] = [await lookAt(disk, ['a']), await lookAt(disk, ['b'])];
    expect(a.inode).not.toBe(b.inode);
    user.rename('a', 'd/c');
    user.append('d/c', '2');
    expect((await lookAt(disk, ['d', 'c'])).inode).toBe(a.inode);
    user.remove('d/c');
    await settle();
    user.write('d/c', '1');
    expect((await lookAt(disk, ['d', 'c'])).inode).not.toBe(a.inode);
  });
  test('[C09] the fingerprint tells every write, also one that puts the time back', async (w) => {
    const { disk, user, settle } = w;
    user.write('a', 'one');
    user.setTime('a', OLD);
    await settle();
    const before = await lookAt(disk, ['a']);
    expect(before.fingerprint).not.toBe('');
    expect(await disk.look(['a'])).toEqual(before);
    user.write('a', 'two');
    user.setTime('a', OLD);
    await settle();
    const after = await lookAt(disk, ['a']);
    expect(bare(after)).toEqual(bare(before));
    expect(after.fingerprint).not.toBe(before.fingerprint);
  });
}

export function readTests(test: Test): void {
  test('answers the bytes, a range of them, or none', async ({ disk, user }) => {
    user.write('a', 'hello world');
    user.write('empty', '');
    expect((await readAll(disk, ['a'])).text).toBe('hello world');
    expect((await readAll(disk, ['a'], { offset: 6, length: 3 })).text).toBe('wor');
    expect((await readAll(disk, ['a'], { offset: 6, length: 99 })).text).toBe('world');
    expect((await readAll(disk, ['a'], { offset: 11, length: 1 })).pieces).toEqual([]);
    expect((await readAll(disk, ['empty'])).pieces).toEqual([]);
  });
  test('lent pieces hold until the next is asked for', async ({ disk, user }) => {
    const content = 'ab'.repeat(1_500_000);
    user.write('a', content);
    for (const range of [undefined, { offset: 1, length: 2_500_000 }]) {
      let text = '';
      for await (const piece of disk.read(['a'], range, 'lent')) text += Buffer.from(piece);
      const { offset = 0, length = content.length } = range ?? {};
      expect(text === content.slice(offset, offset + length)).toBe(true);
    }
  });
  test('in pieces of at most 1 MiB', async ({ disk, user }) => {
    const content = 'x'.repeat(1024 * 1024) + 'y'.repeat(5);
    user.write('a', content);
    const { pieces, text } = await readAll(disk, ['a']);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(1024 * 1024);
    expect(text === content).toBe(true);
  });
  test('[C27] absent and what is no file', async ({ disk, user }) => {
    user.makeDirectory('d');
    user.makePipe('pipe');
    user.symlink('link', 'd');
    expect(await problemOf(readAll(disk, ['none']))).toBe('absent');
    for (const name of ['d', 'pipe', 'link']) {
      expect(await problemOf(readAll(disk, [name]))).toBe('unsupported');
    }
  });
}

export function wayTests(test: Test): void {
  test('[C38] names that are none, and ours by any alias, cannot be addressed', async (w) => {
    const { disk, user } = w;
    const none = ['', '.', '..', 'a/b', 'a\0b'];
    const ours = ['.syncer', '.SYNCER', '.Syncer ', '.syncer.', '.\u200csyncer', '.\u017fyncer'];
    for (const name of [...none, ...ours, '.syncer:x', 'SYNCER~1']) {
      for (const path of [[name], ['d', name], [name, 'x']]) {
        for (const step of steps(disk, path)) expect(await problemOf(step())).toBe('outside');
      }
    }
    user.write('.Syncer/x', '');
    expect(await disk.list([])).toEqual([]);
  });
  test('the directory itself cannot be changed', async ({ disk }) => {
    const [, , , ...changing] = steps(disk, []);
    for (const step of changing) expect(await problemOf(step())).toBe('outside');
  });
  test('[C19] [C22] names that no system, or not every one, can hold', async ({ disk }) => {
    for (const step of steps(disk, ['\ud800x']))
      expect(await problemOf(step())).toBe('unsupported');
    for (const step of steps(disk, ['é'.repeat(128)])) {
      expect(await problemOf(step())).toBe('too-long');
    }
    const longest = [`${'é'.repeat(127)}e`];
    await put(disk, longest, '1');
    await putOver(disk, longest, { content: '2', expected: await lookAt(disk, longest) });
    await putOver(disk, longest, { content: '3', expected: await lookAt(disk, longest) });
    await disk.trash(longest, await lookAt(disk, longest));
    expect(await disk.list([])).toEqual([]);
  });
  test('[C25] [C26] no step goes through a symlink', async ({ disk, user }) => {
    user.write('real/a', 'abc');
    user.symlink('link', 'real');
    const all = shown(user);
    const look = await lookAt(disk, ['real', 'a']);
    for (const step of [...steps(disk, ['link', 'a']), ...steps(disk, ['link', 'a', 'b'])]) {
      expect(await problemOf(step())).toBe('outside');
    }
    expect(await problemOf(disk.list(['link']))).toBe('outside');
    expect(await problemOf(disk.move(['real', 'a'], ['link', 'b'], look))).toBe('outside');
    expect(shown(user)).toEqual(all);
  });
}

const ANY: Look = {
  kind: 'file',
  inode: '',
  fingerprint: '',
  size: 0,
  mtime: 0,
  executable: false,
};

/** Every step that names a path; the first three only look. */
const steps = (disk: Disk, path: Path): (() => Promise<unknown>)[] => [
  () => disk.list(path.length === 0 ? path : [...path, 'x']),
  () => disk.look(path),
  () => readAll(disk, path),
  async () => disk.place(await staged(disk, ''), path, undefined),
  async () => disk.place(await staged(disk, ''), path, ANY),
  () => disk.makeDirectory(path),
  () => disk.makeSymlink(path, 'x', undefined),
  () => disk.move(path, ['other'], ANY),
  () => disk.touch(path, META, ANY),
  () => disk.trash(path, ANY),
  () => disk.removeDirectory(path),
  () => disk.lift(path, 'n1', ANY),
];
