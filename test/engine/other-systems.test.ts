import { describe, expect, it } from 'vitest';
import { quiet } from './quiet.ts';
import { pair } from './rig.ts';

const MAC = { kind: 'macos', features: { caseSensitive: false } } as const;
const WINDOWS = {
  kind: 'windows',
  features: { caseSensitive: false, symlinks: false, executableBit: false },
} as const;

/** Anna has a Linux, Ben something else. */
const withMac = () => pair({ systems: { ben: MAC } });
const withWindows = () => pair({ systems: { ben: WINDOWS } });

const AT = Date.UTC(2026, 0, 2);

/** Both edit `Report.txt`, Ben first: his version steps aside, to a name in which his is written so. */
async function conflictOverReport({ anna, ben }: ReturnType<typeof pair>): Promise<void> {
  ben.user.write('Report.txt', 'of ben');
  ben.user.setTime('Report.txt', AT);
  anna.user.write('Report.txt', 'of anna');
  anna.user.setTime('Report.txt', AT + 60_000);
  await anna.round();
}

describe('names that differ in case only', () => {
  it('[C14] a conflict copy steps aside from a name that is only spelled otherwise', async () => {
    const { rig, anna, ben } = withMac();
    anna.user.write('Report.txt', 'v0');
    ben.user.write('report (conflict, ben, 2026-01-02 00-00-00).txt', 'was there');
    await quiet(rig);
    await conflictOverReport({ rig, anna, ben });
    await quiet(rig);
    expect(ben.files()).toEqual({
      'Report.txt': 'of anna',
      'Report (conflict, ben, 2026-01-02 00-00-00 2).txt': 'of ben',
      'report (conflict, ben, 2026-01-02 00-00-00).txt': 'was there',
    });
  });

  it('[C14] a conflict copy whose name nobody here can see to be taken is a problem, not work without end', async () => {
    const name = 'report (conflict, ben, 2026-01-02 00-00-00).txt';
    const { rig, anna, ben } = pair({ systems: { ben: MAC }, ignore: ['report (*'] });
    anna.user.write('Report.txt', 'v0');
    ben.user.write(name, 'ignored');
    await rig.settle();
    await conflictOverReport({ rig, anna, ben });
    await rig.settle();
    expect(ben.session.problems.all()).toMatchObject([{ code: 'exists' }]);
    expect(ben.files()).toEqual({ 'Report.txt': 'of ben', [name]: 'ignored' });
    ben.user.remove(name);
    rig.clock.pass(60_000);
    await rig.settle();
    expect(Object.values(ben.files()).sort()).toEqual(['of anna', 'of ben']);
    expect(anna.files()).toEqual(ben.files());
  });

  it.each(['file', 'directory', 'symlink'])(
    '[C13] a %s that is spelled anew here',
    async (kind) => {
      const { rig, anna, ben } = withMac();
      anna.user.write('t', 'T');
      if (kind === 'file') anna.user.write('name', 'F');
      if (kind === 'directory') anna.user.write('name/f', 'F');
      if (kind === 'symlink') anna.user.symlink('name', 't');
      await quiet(rig);
      const node = rig.server.tree.find('root', 'name');
      ben.user.rename('name', 'Name');
      await quiet(rig);
      expect(Object.keys(anna.files())).toContain('Name');
      expect(Object.keys(anna.files())).not.toContain('name');
      expect(rig.server.tree.find('root', 'Name')).toBe(node);
      expect(ben.files()).toEqual(anna.files());
    },
  );

  it.each(['file', 'directory'])('[C13] a %s that is spelled anew elsewhere', async (kind) => {
    const { rig, anna, ben } = withMac();
    anna.user.write(kind === 'file' ? 'name' : 'name/f', 'F');
    await quiet(rig);
    anna.user.rename('name', 'NAME');
    await quiet(rig);
    expect(ben.files()).toEqual(anna.files());
    expect(Object.keys(ben.files())).toContain('NAME');
  });

  it('[C13] spelled anew and edited at a time', async () => {
    const { rig, anna, ben } = withMac();
    anna.user.write('d/f', 'v0');
    await quiet(rig);
    anna.user.rename('d', 'D');
    anna.user.write('D/f', 'v1');
    ben.user.write('d/g', 'G');
    await quiet(rig);
    expect(ben.files()).toEqual({ D: 'dir', 'D/f': 'v1', 'D/g': 'G' });
    expect(anna.files()).toEqual(ben.files());
  });

  it('[C14] [S14] of two, one is held and the other is told of; neither is deleted', async () => {
    const { rig, anna, ben } = withMac();
    anna.user.write('a.txt', 'small');
    anna.user.write('A.txt', 'capital');
    anna.user.write('b', 'B');
    await rig.settle();
    expect(Object.keys(ben.files())).toHaveLength(2);
    const [held = ''] = Object.keys(ben.files());
    const hidden = held === 'a.txt' ? 'A.txt' : 'a.txt';
    expect(ben.session.problems.all()).toMatchObject([{ path: hidden, code: 'unrepresentable' }]);
    ben.user.write(held, 'edited');
    await rig.settle();
    expect(anna.files()).toHaveProperty([held], 'edited');
    expect(Object.keys(anna.files())).toHaveLength(3);
  });

  it.each(['deleted', 'renamed', 'renamed by the one who has both'])(
    '[C14] when the one that was held is %s, the other takes its place',
    async (what) => {
      const { rig, anna, ben } = withMac();
      anna.user.write('a.txt', 'small');
      await quiet(rig);
      anna.user.write('A.txt', 'capital');
      await rig.settle();
      expect(ben.files()).toEqual({ 'a.txt': 'small' });
      if (what === 'deleted') anna.user.remove('a.txt');
      else if (what === 'renamed') ben.user.rename('a.txt', 'c.txt');
      else anna.user.rename('a.txt', 'c.txt');
      await quiet(rig);
      expect(ben.files()).toEqual(anna.files());
      expect(ben.files()).toHaveProperty(['A.txt'], 'capital');
      expect(ben.session.problems.all()).toEqual([]);
    },
  );

  it('[C14] two directories: the files of the hidden one are hidden with it', async () => {
    const { rig, anna, ben } = withMac();
    anna.user.write('d/f', 'F');
    await quiet(rig);
    anna.user.write('D/g', 'G');
    await rig.settle();
    expect(ben.files()).toEqual({ d: 'dir', 'd/f': 'F' });
    ben.user.write('d/new', 'N');
    ben.user.remove('d/f');
    await rig.settle();
    expect(anna.files()).toEqual({ D: 'dir', 'D/g': 'G', d: 'dir', 'd/new': 'N' });
    anna.user.rename('D/g', 'd/g');
    anna.user.remove('D');
    await quiet(rig);
    expect(ben.files()).toEqual({ d: 'dir', 'd/new': 'N', 'd/g': 'G' });
    expect(ben.session.problems.all()).toEqual([]);
  });

  it('[C14] a name made here that is a twin of one on the server', async () => {
    const { rig, anna, ben } = withMac();
    anna.user.write('a.txt', 'small');
    await anna.round();
    ben.user.write('A.txt', 'capital');
    await rig.settle();
    expect(Object.values(anna.files()).sort()).toEqual(['capital', 'small']);
    expect(Object.values(ben.files())).toContain('capital');
    expect(rig.serverFiles().size).toBe(2);
  });

  it.each(['a.txt', 'A.txt'])(
    '[C14] [B05] a lost state finds %s again, and is told of the other',
    async (held) => {
      const { rig, anna, ben } = withMac();
      anna.user.write(held, 'held');
      await quiet(rig);
      const hidden = held === 'a.txt' ? 'A.txt' : 'a.txt';
      anna.user.write(hidden, 'hidden');
      await rig.settle();
      ben.forget();
      await rig.settle();
      expect(ben.files()).toEqual({ [held]: 'held' });
      expect(anna.files()).toEqual({ [held]: 'held', [hidden]: 'hidden' });
      expect(ben.session.problems.all()).toMatchObject([{ path: hidden, code: 'unrepresentable' }]);
    },
  );

  it('[C15] a name of another Unicode form is told of, and never deleted on the server', async () => {
    const { rig, anna, ben } = withMac();
    const [nfc, nfd] = ['café'.normalize('NFC'), 'café'.normalize('NFD')];
    anna.user.write(nfc, 'composed');
    await quiet(rig);
    anna.user.write(nfd, 'decomposed');
    await rig.settle();
    expect(ben.files()).toEqual({ [nfc]: 'composed' });
    expect(anna.session.problems.all()).toMatchObject([{ path: nfd, code: 'not-normalized' }]);
    expect(rig.serverFiles()).toEqual(new Map([[nfc, 'composed']]));
  });
});

describe('[B20] [C17] what one system cannot hold', () => {
  it.each(['CON', 'nul.txt', 'what?', 'ends with.', 'ends with ', 'COM1'])(
    'the name %j is told of on Windows, and deleted nowhere',
    async (name) => {
      const { rig, anna, ben } = withWindows();
      anna.user.write(`d/${name}`, 'F');
      anna.user.write('d/plain', 'P');
      await rig.settle();
      expect(ben.files()).toEqual({ d: 'dir', 'd/plain': 'P' });
      expect(ben.session.problems.all()).toMatchObject([
        { path: `d/${name}`, code: 'unrepresentable' },
      ]);
      ben.user.remove('d/plain');
      await rig.settle();
      expect(anna.files()).toEqual({ d: 'dir', [`d/${name}`]: 'F' });
      anna.user.rename(`d/${name}`, 'd/fine');
      await quiet(rig);
      expect(ben.files()).toEqual({ d: 'dir', 'd/fine': 'F' });
      expect(ben.session.problems.all()).toEqual([]);
    },
  );

  it.each(['a:b', 'b::$DATA', 'FOO~1', 'git~1', 'REPORT~2.TXT'])(
    '[C18] %j, which may lead elsewhere on Windows, is told of there and never written',
    async (name) => {
      const { rig, anna, ben } = withWindows();
      ben.user.write('FOO long name', 'the one that FOO~1 may be');
      anna.user.write(name, 'F');
      await rig.settle();
      expect(ben.files()).toEqual({ 'FOO long name': 'the one that FOO~1 may be' });
      expect(ben.session.problems.all()).toMatchObject([{ path: name, code: 'unrepresentable' }]);
      expect(rig.serverFiles().get(name)).toBe('F');
    },
  );

  it('[C20] [C19] a path that is too long for this disk is told of, and deleted nowhere', async () => {
    const { rig, anna, ben } = pair();
    const tooLong = (path: readonly string[]): boolean => path.join('/').length > 20;
    ben.fault = (step, path) =>
      ['place', 'makeDirectory', 'move', 'makeSymlink'].includes(step) && tooLong(path)
        ? 'too-long'
        : undefined;
    anna.user.write('d/short', 'S');
    anna.user.write('d/long long long long long', 'L');
    anna.user.write('d/deep deep deep deep/f', 'F');
    await rig.settle();
    expect(ben.files()).toEqual({ d: 'dir', 'd/short': 'S' });
    expect(ben.session.problems.all()).toContainEqual(
      expect.objectContaining({ path: 'd/long long long long long', code: 'too-long' }),
    );
    ben.user.remove('d/short');
    await rig.settle();
    expect(Object.keys(anna.files())).toHaveLength(4);
    anna.user.rename('d/long long long long long', 'd/fits');
    anna.user.rename('d/deep deep deep deep', 'd/e');
    await quiet(rig);
    expect(ben.files()).toEqual({ d: 'dir', 'd/e': 'dir', 'd/e/f': 'F', 'd/fits': 'L' });
    expect(ben.session.problems.all()).toEqual([]);
  });

  it('a problem with a name goes with the name', async () => {
    const { rig, anna, ben } = withWindows();
    anna.user.write('CON', 'F');
    await rig.settle();
    expect(ben.session.problems.all()).toHaveLength(1);
    anna.user.remove('CON');
    await quiet(rig);
    expect(ben.session.problems.all()).toEqual([]);
  });

  it('a directory of such a name hides what is in it, and is not deleted with the one above it', async () => {
    const { rig, anna, ben } = withWindows();
    anna.user.write('d/aux/deep/f', 'F');
    anna.user.write('d/g', 'G');
    await rig.settle();
    expect(ben.files()).toEqual({ d: 'dir', 'd/g': 'G' });
    ben.user.remove('d');
    await rig.settle();
    expect(anna.files()).toEqual({
      d: 'dir',
      'd/aux': 'dir',
      'd/aux/deep': 'dir',
      'd/aux/deep/f': 'F',
    });
    expect(ben.files()).toEqual({ d: 'dir' });
  });

  it('a symlink where there are none', async () => {
    const { rig, anna, ben } = withWindows();
    anna.user.write('f', 'F');
    anna.user.symlink('link', 'f');
    await rig.settle();
    expect(ben.files()).toEqual({ f: 'F' });
    expect(ben.session.problems.all()).toMatchObject([{ path: 'link', code: 'unrepresentable' }]);
    expect(anna.files()).toEqual({ f: 'F', link: '-> f' });
  });
});

describe('what a disk cannot keep', () => {
  it('[T1] times that come back as whole seconds are no changes', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'F');
    anna.user.setTime('f', Date.UTC(2026, 0, 1, 12, 0, 3, 456));
    await quiet(rig);
    const { cursor } = rig.server;
    ben.user.setTime('f', Date.UTC(2026, 0, 1, 12, 0, 2)); // As FAT, which counts in twos.
    await quiet(rig);
    expect(rig.server.cursor).toBe(cursor);
    expect(await anna.disk.look(['f'])).toMatchObject({
      mtime: Date.UTC(2026, 0, 1, 12, 0, 3, 456),
    });
    ben.user.setTime('f', Date.UTC(2026, 0, 1, 12, 0, 1)); // More than rounding.
    await quiet(rig);
    expect(await anna.disk.look(['f'])).toMatchObject({ mtime: Date.UTC(2026, 0, 1, 12, 0, 1) });
  });

  it('[T1] an edit is an edit, whatever the time', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'v0');
    anna.user.setTime('f', Date.UTC(2026, 0, 1, 12, 0, 3, 456));
    await quiet(rig);
    ben.user.write('f', 'v1');
    ben.user.setTime('f', Date.UTC(2026, 0, 1, 12, 0, 2));
    await quiet(rig);
    expect(anna.files()).toEqual({ f: 'v1' });
    const time = { mtime: Date.UTC(2026, 0, 1, 12, 0, 2) };
    expect(await anna.disk.look(['f'])).toMatchObject(time);
  });

  it('[T2] a disk without an executable bit clears it for nobody', async () => {
    const { rig, anna, ben } = withWindows();
    anna.user.write('run', 'v0');
    await quiet(rig);
    const look = await anna.disk.look(['run']);
    if (look === undefined) throw new Error('run is there');
    await anna.disk.touch(['run'], { mtime: look.mtime, executable: true }, look);
    await quiet(rig);
    const { cursor } = rig.server;
    expect(await ben.disk.look(['run'])).toMatchObject({ executable: false });
    ben.restart();
    await quiet(rig);
    expect(rig.server.cursor).toBe(cursor);
    ben.user.write('run', 'v1');
    await quiet(rig);
    expect(anna.files()).toEqual({ run: 'v1' });
    expect(await anna.disk.look(['run'])).toMatchObject({ executable: true });
  });
});
