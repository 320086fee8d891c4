import { describe, expect, it } from 'vitest';
import { trashOf } from '../../src/client/disk/world.ts';
import { restoreTrashed } from '../../src/client/restore-trashed.ts';
import { type Client, pair } from './rig.ts';

const kept = (client: Client): string[] => [...trashOf(client.user).values()].sort();

describe('[O1] what a remote change replaces or removes is in the trash', () => {
  it('an edited file, a deleted one, and all that was in a deleted directory', async () => {
    const { rig, anna, ben } = pair();
    for (const name of ['edited', 'gone', 'd/f', 'd/e/g']) anna.user.write(name, `${name} v0`);
    anna.user.makeDirectory('d/empty');
    await rig.settle();
    anna.user.write('edited', 'v1');
    anna.user.remove('gone');
    anna.user.remove('d');
    await rig.settle();
    expect(ben.files()).toEqual({ edited: 'v1' });
    expect(Object.fromEntries(trashOf(ben.user))).toEqual({
      edited: 'edited v0',
      gone: 'gone v0',
      'd/f': 'd/f v0',
      'd/e/g': 'd/e/g v0',
    });
    expect(kept(anna)).toEqual([]);
  });

  it('a symlink that is changed, removed, or gives way to a file or a directory', async () => {
    const { rig, anna, ben } = pair();
    for (const name of ['1', '2', '3', '4']) anna.user.symlink(name, `to-${name}`);
    await rig.settle();
    for (const name of ['1', '2', '3', '4']) anna.user.remove(name);
    anna.user.symlink('1', 'elsewhere');
    anna.user.write('3', 'a file');
    anna.user.write('4/f', 'in a directory');
    await rig.settle();
    expect(ben.files()).toMatchObject({ 1: '-> elsewhere', 3: 'a file', '4/f': 'in a directory' });
    expect(kept(ben)).toEqual(['-> to-1', '-> to-2', '-> to-3', '-> to-4']);
  });

  it('a directory of files that gives way to a file', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('d/a', 'A');
    anna.user.write('d/b', 'B');
    await rig.settle();
    anna.user.remove('d');
    anna.user.write('d', 'a file');
    await rig.settle();
    expect(ben.files()).toEqual({ d: 'a file' });
    expect(kept(ben)).toEqual(['A', 'B']);
  });

  it('each version of a file that is replaced many times on one day', async () => {
    const { rig, anna, ben } = pair();
    for (let version = 0; version < 6; version += 1) {
      anna.user.write('f', `v${version}`);
      await rig.settle();
    }
    expect(kept(ben)).toEqual(['v0', 'v1', 'v2', 'v3', 'v4']);
    const all = [...(await ben.disk.trashed())].sort((a, b) => a.since - b.since);
    expect(all.map(({ path }) => path)).toEqual(Array(5).fill(['f']));
    expect(new Set(all.map(({ layer }) => layer)).size).toBe(5);
  });

  it('the loser of a conflict that came back is a file for both', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'v0');
    await rig.settle();
    ben.user.write('f', 'v1');
    await rig.settle();
    const [old] = await anna.disk.trashed();
    if (old === undefined) throw new Error('nothing in the trash');
    await anna.disk.restore(old, ['f (restored)']);
    await rig.settle();
    expect(ben.files()).toEqual({ f: 'v1', 'f (restored)': 'v0' });
    expect(anna.files()).toEqual(ben.files());
  });
});

describe('[O1] what is brought back out of the trash', () => {
  it('takes no name that is taken: it goes beside what is there, for everybody', async () => {
    const { rig, anna, ben } = pair();
    for (const name of ['f', 'd/g', 'free']) anna.user.write(name, `${name} v0`);
    await rig.settle();
    for (const name of ['f', 'd/g']) ben.user.write(name, `${name} v1`);
    ben.user.remove('free');
    await rig.settle();
    const all = await anna.disk.trashed();
    const { restored, failed } = await restoreTrashed(
      anna.disk,
      all.map((thing) => ({ thing, to: thing.path })),
    );
    expect([restored.length, failed]).toEqual([3, []]);
    await rig.settle();
    expect(ben.files()).toMatchObject({ f: 'f v1', 'd/g': 'd/g v1', free: 'free v0' });
    const contents = Object.values(ben.files()).filter((content) => content !== 'dir');
    expect(contents.sort()).toEqual(['d/g v0', 'd/g v1', 'f v0', 'f v1', 'free v0']);
    expect(anna.files()).toEqual(ben.files());
    expect(kept(anna)).toEqual([]);
  });

  it('[D02] is where it is said to be, whatever the power does then', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'the only copy');
    await rig.settle();
    ben.user.remove('f');
    await rig.settle();
    const [thing] = await anna.disk.trashed();
    if (thing === undefined) throw new Error('nothing in the trash');
    const { restored } = await restoreTrashed(anna.disk, [{ thing, to: ['f'] }]);
    expect(restored).toHaveLength(1);
    anna.losePower();
    expect(anna.files()).toEqual({ f: 'the only copy' });
    await rig.settle();
    expect(ben.files()).toEqual({ f: 'the only copy' });
  });
});

describe('[O1] the trash is bounded', () => {
  it('in size: what came first goes first, and what is in the directory stays', async () => {
    const { rig, anna, ben } = pair();
    ben.capacity = 10_000;
    for (let n = 0; n < 5; n += 1) anna.user.write(`f${n}`, `${n}`.repeat(300));
    await rig.settle();
    for (let n = 0; n < 5; n += 1) {
      anna.user.remove(`f${n}`);
      await rig.settle();
    }
    anna.user.write('stays', 'S');
    await rig.settle();
    await ben.disk.tidy(rig.clock.now());
    expect([...trashOf(ben.user).keys()].sort()).toEqual(['f2', 'f3', 'f4']);
    expect(ben.files()).toEqual({ stays: 'S' });
  });

  it('in time: thirty days, whatever layer it lies in', async () => {
    const { rig, anna, ben } = pair();
    for (const content of ['1', '2', '3', '4']) {
      anna.user.write('f', content);
      await rig.settle();
    }
    const day = 24 * 3600_000;
    await ben.disk.tidy(rig.clock.now() + 29 * day);
    expect(kept(ben)).toEqual(['1', '2', '3']);
    await ben.disk.tidy(rig.clock.now() + 32 * day);
    expect(kept(ben)).toEqual([]);
    expect(ben.files()).toEqual({ f: '4' });
  });
});
