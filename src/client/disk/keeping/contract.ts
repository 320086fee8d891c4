import { expect } from 'vitest';
import type { Disk, Look } from '../../ports.ts';
import {
  bare,
  DAY,
  lookAt,
  OLD,
  problemOf,
  put,
  shown,
  staged,
  stagedOf,
  type Test,
  trashOf,
} from '../world.ts';

export function liftTests(test: Test): void {
  test('takes something out of the way and puts it back', async ({ disk, user, settle }) => {
    user.write('a', 'abc');
    user.setTime('a', OLD);
    user.write('d/deep/x', 'x');
    await settle();
    const look = await lookAt(disk, ['a']);
    await disk.lift(['a'], 'Node 1/…', look);
    await disk.lift(['d'], 'node 2', await lookAt(disk, ['d']));
    expect(await disk.list([])).toEqual([]);
    expect([...(await disk.lifted())].sort()).toEqual(['Node 1/…', 'node 2']);
    await disk.lower('node 2', ['e']);
    const back = await disk.lower('Node 1/…', ['e', 'a']);
    expect(bare(back)).toEqual(bare(look));
    expect([user.read('e/a'), user.read('e/deep/x')]).toEqual(['abc', 'x']);
    expect(await disk.lifted()).toEqual([]);
    await settle();
    expect(await disk.look(['e', 'a'])).toEqual(back);
  });
  test('[D01] another process finds it, and knows less of it', async (w) => {
    w.user.write('a', 'abc');
    w.user.setTime('a', OLD);
    await w.settle();
    await w.disk.lift(['a'], 'n1', await lookAt(w.disk, ['a']));
    const disk = w.reopen();
    await disk.tidy(Date.now() + 99 * DAY);
    expect(await disk.lifted()).toEqual(['n1']);
    expect(await disk.lower('n1', ['a'])).toMatchObject({ size: 3, fingerprint: '' });
  });
  test('never takes a name that is taken', async ({ disk, user }) => {
    user.write('a', '1');
    user.write('b', '2');
    const b = await lookAt(disk, ['b']);
    await disk.lift(['a'], 'n1', await lookAt(disk, ['a']));
    expect(await problemOf(disk.lift(['b'], 'n1', b))).toBe('exists');
    expect(await problemOf(disk.lift(['none'], 'n2', b))).toBe('absent');
    user.append('b', '+');
    expect(await problemOf(disk.lift(['b'], 'n2', b))).toBe('changed');
    expect(await problemOf(disk.lower('n1', ['b']))).toBe('exists');
    expect(await problemOf(disk.lower('n2', ['c']))).toBe('absent');
    expect(await problemOf(disk.lower('n1', ['none', 'c']))).toBe('absent');
    expect([user.read('b'), await disk.lifted()]).toEqual(['2+', ['n1']]);
  });
}

export function keepingTests(test: Test): void {
  test('sync may be asked at any time', async ({ disk, user }) => {
    await disk.syncAll();
    await put(disk, ['a'], '1');
    await disk.makeDirectory(['d']);
    await disk.move(['a'], ['d', 'a'], await lookAt(disk, ['a']));
    await Promise.all([disk.sync(), disk.sync()]);
    await disk.trash(['d', 'a'], await lookAt(disk, ['d', 'a']));
    await disk.removeDirectory(['d']);
    await disk.syncAll();
    expect(shown(user)).toEqual(new Map());
  });
  test('tidy removes what a crash left, and nothing that is still needed', async (w) => {
    await w.disk.stage();
    await staged(w.disk, 'left');
    const disk = w.reopen();
    const needed = await staged(disk, 'needed');
    await disk.tidy(Date.now());
    expect(stagedOf(w.user)).toHaveLength(1);
    await disk.place(needed, ['a'], undefined);
    expect(w.user.read('a')).toBe('needed');
  });
  test('trash is kept for 30 days', async ({ disk, user }) => {
    const look: Look = await put(disk, ['a'], 'old');
    await disk.trash(['a'], look);
    await disk.tidy(Date.now() + 29 * DAY);
    expect(trashOf(user)).toEqual(new Map([['a', 'old']]));
    await disk.tidy(Date.now() + 32 * DAY);
    expect(trashOf(user)).toEqual(new Map());
  });
}

export function restoreTests(test: Test): void {
  const away = async (disk: Disk, name: string): Promise<void> => {
    const path = name.split('/');
    await disk.trash(path, await lookAt(disk, path));
  };
  const listed = async (disk: Disk): Promise<string[]> =>
    (await disk.trashed())
      .map(({ path, kind, size }) => `${path.join('/')} ${kind} ${size}`)
      .sort();

  test('[O1] the trash tells what was where, which of several, and when', async (w) => {
    expect(await w.disk.trashed()).toEqual([]);
    const before = Date.now() - DAY;
    w.user.write('d/a (2)', 'not the second version of anything');
    w.user.write('d/a', 'one');
    w.user.symlink('l', 'd/a');
    for (const name of ['d/a (2)', 'd/a', 'l']) await away(w.disk, name);
    w.user.write('d/a', 'three');
    await away(w.disk, 'd/a');
    expect(await listed(w.disk)).toEqual([
      'd/a (2) file 34',
      'd/a file 3',
      'd/a file 5',
      'l symlink 0',
    ]);
    const all = await w.disk.trashed();
    const [first, second] = all
      .filter(({ path }) => path[1] === 'a')
      .sort((a, b) => a.size - b.size);
    expect(first?.layer).not.toBe(second?.layer);
    for (const { day, layer, since } of all) {
      expect(layer.startsWith(day)).toBe(true);
      expect(since).toBeGreaterThan(before);
    }
  });
  test('[O1] what somebody else put there is passed over, whatever it is', async (w) => {
    w.user.write('.syncer/trash/notes', 'x');
    w.user.write('.syncer/trash/1/x', 'x');
    w.user.write('.syncer/trash/2026-11-22/a', 'x');
    w.user.makePipe('.syncer/trash/2026-11-22/pipe');
    expect(await listed(w.disk)).toEqual(['a file 1']);
  });
  test('[O1] gives back what it kept, and nothing twice', async ({ disk, user, settle }) => {
    user.write('a', 'one');
    user.setTime('a', OLD);
    user.symlink('l', 'a');
    await settle();
    await away(disk, 'a');
    await away(disk, 'l');
    user.makeDirectory('d');
    for (const thing of await disk.trashed()) {
      const to = thing.kind === 'file' ? ['d', 'b'] : ['l'];
      const look = await disk.restore(thing, to);
      expect(look).toMatchObject({ ...(await disk.look(to)), fingerprint: look.fingerprint });
      expect(await problemOf(disk.restore(thing, ['again']))).toBe('absent');
    }
    await disk.sync();
    expect(Object.fromEntries(shown(user))).toEqual({ d: 'dir', 'd/b': 'one', l: '-> a' });
    expect((await disk.look(['d', 'b']))?.mtime).toBe(OLD);
    expect(trashOf(user)).toEqual(new Map());
  });
  test('[O1] takes no name that is taken, makes no directory, leaves none', async (w) => {
    const { disk, user } = w;
    user.write('a', 'old');
    user.symlink('d/l', '../a');
    await away(disk, 'a');
    await away(disk, 'd/l');
    user.write('a', 'new');
    user.symlink('way', 'd');
    const all = await disk.trashed();
    const file = all.find(({ kind }) => kind === 'file');
    const link = all.find(({ kind }) => kind === 'symlink');
    if (file === undefined || link === undefined) throw new Error('not in the trash');
    expect(await problemOf(disk.restore(file, ['a']))).toBe('exists');
    expect(await problemOf(disk.restore(file, ['d']))).toBe('exists');
    expect(await problemOf(disk.restore(file, ['none', 'a']))).toBe('absent');
    expect(await problemOf(disk.restore(file, ['way', 'a']))).toBe('outside');
    expect(await problemOf(disk.restore(file, ['..', 'a']))).toBe('outside');
    expect(await problemOf(disk.restore(file, ['.syncer', 'a']))).toBe('outside');
    expect(await problemOf(disk.restore(file, []))).toBe('outside');
    expect(await problemOf(disk.restore(link, ['l']))).toBe('unsupported');
    for (const layer of ['', '..', '../trash', '2026-11-22/..', 'marker.json'])
      expect(await problemOf(disk.restore({ layer, path: ['a'] }, ['b']))).toBe('absent');
    expect(await problemOf(disk.restore({ ...file, path: ['..', 'a'] }, ['b']))).toBe('outside');
    expect(trashOf(user)).toEqual(new Map(Object.entries({ a: 'old', 'd/l': '-> ../a' })));
    expect(user.read('a')).toBe('new');
  });
}
