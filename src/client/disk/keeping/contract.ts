import { expect } from 'vitest';
import type { Look } from '../../ports.ts';
import {
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
    expect({ ...back, fingerprint: '' }).toEqual({ ...look, fingerprint: '' });
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
    await disk.sync();
    await put(disk, ['a'], '1');
    await disk.makeDirectory(['d']);
    await disk.move(['a'], ['d', 'a'], await lookAt(disk, ['a']));
    await Promise.all([disk.sync(), disk.sync()]);
    await disk.trash(['d', 'a'], await lookAt(disk, ['d', 'a']));
    await disk.removeDirectory(['d']);
    await disk.sync();
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
