import { describe, expect, it } from 'vitest';
import { diskContract } from './contract.ts';
import { deny, failAt } from './memory/faults.ts';
import { type MemoryDiskOptions, memoryDisk } from './memory.ts';
import {
  lookAt,
  META,
  problemOf,
  put,
  putOver,
  shown,
  staged,
  trashOf,
  type World,
} from './world.ts';

type Features = NonNullable<MemoryDiskOptions['features']>;

/** A clock that stands still but for `settle`, so that a racy look is racy every time. */
async function makeWorld(features: Features): Promise<World> {
  let time = Date.now();
  const clock = { now: () => time };
  const disk = memoryDisk({ clock, features });
  const { volume, user } = disk;
  return {
    disk,
    user,
    reopen: () => memoryDisk({ clock, volume }),
    removeRoot: () => volume.setRoot(undefined),
    settle: async () => {
      time += 3_000;
    },
    close: async () => {},
  };
}

diskContract('memory', () => makeWorld({}));
diskContract('memory, case-insensitive', () => makeWorld({ caseSensitive: false }));
diskContract('memory, no hard links', () => makeWorld({ hardLinks: false }));
diskContract('memory, times in 2 s', () => makeWorld({ tick: 2_000_000_000n }));

const clock = { now: () => Date.UTC(2026, 1, 1) };

describe('memory disk: faults', () => {
  it('a full disk takes no more bytes, and is as it was', async () => {
    const disk = memoryDisk({ clock, faults: { capacity: 20 } });
    await disk.bind('instance');
    await put(disk, ['a'], '0123456789');
    const file = await disk.stage();
    expect(await problemOf(file.write(new Uint8Array(11)))).toBe('full');
    await expect(file.finish(META)).rejects.toThrow('discarded');
    await file.discard();
    expect([...shown(disk.user)]).toEqual([['a', '0123456789']]);
  });

  it('[B11] [B12] a denied path can be looked at, but not read or entered', async () => {
    const disk = memoryDisk({ clock, faults: { fault: deny(['d']) } });
    await disk.bind('instance');
    disk.user.write('d/a', '');
    expect(await lookAt(disk, ['d'])).toMatchObject({ kind: 'directory' });
    expect(await problemOf(disk.list(['d']))).toBe('denied');
    expect(await problemOf(disk.look(['d', 'a']))).toBe('denied');
    expect(await disk.list([])).toHaveLength(1);
  });

  it('[D01] whatever fails within a replacement, one of the two is there and none is lost', async () => {
    for (const hardLinks of [true, false]) {
      for (let n = 1; n <= 6; n += 1) {
        const first = memoryDisk({ clock, features: { hardLinks } });
        await first.bind('instance');
        const look = await put(first, ['a'], 'old');
        const { volume, user } = first;
        const disk = memoryDisk({ clock, volume, faults: { fault: failAt(n, 'unreadable') } });
        await problemOf(staged(disk, 'new').then((file) => disk.place(file, ['a'], look)));
        const everything = [...shown(user).values(), ...trashOf(user).values()];
        expect(everything).toContain('old');
        if (hardLinks) expect(['old', 'new']).toContain(user.read('a'));
      }
    }
  });
});

describe('memory disk: power loss', () => {
  const prepare = async () => {
    const disk = memoryDisk({ clock });
    await disk.bind('instance');
    const look = await put(disk, ['a'], 'old');
    disk.user.write('d/x', 'x');
    await disk.sync();
    await putOver(disk, ['a'], { content: 'new', expected: look });
    await disk.move(['d'], ['e'], await lookAt(disk, ['d']));
    return disk;
  };

  it('takes back what was not synced, and nothing that was', async () => {
    const disk = await prepare();
    const before = disk.volume.unsynced;
    disk.volume.crash();
    expect(before).toBeGreaterThan(0);
    expect(Object.fromEntries(shown(disk.user))).toEqual({ a: 'old', d: 'dir', 'd/x': 'x' });
    const synced = await prepare();
    await synced.sync();
    synced.volume.crash();
    expect(Object.fromEntries(shown(synced.user))).toEqual({ a: 'new', e: 'dir', 'e/x': 'x' });
  });

  it('at any moment shows whole files, and a directory once', async () => {
    const { volume } = await prepare();
    for (let kept = 0; kept <= volume.unsynced; kept += 1) {
      const disk = await prepare();
      disk.volume.crash(kept);
      const seen = shown(disk.user);
      expect(['old', 'new']).toContain(seen.get('a'));
      expect([...seen.values()].filter((content) => content === 'x')).toHaveLength(1);
    }
  });

  it('[D23] a copy of a disk shares nothing with it, and its things keep their numbers as an image only', async () => {
    const disk = memoryDisk({ clock });
    await disk.bind('instance');
    disk.user.write('d/a', 'A');
    for (const as of ['image', 'files'] as const) {
      const copy = memoryDisk({ clock, volume: disk.volume.copy(clock.now, as) });
      expect(await copy.root()).toMatchObject({ state: 'bound', instance: 'instance' });
      const [{ inode: before }, { inode: after }] = [
        await lookAt(disk, ['d', 'a']),
        await lookAt(copy, ['d', 'a']),
      ];
      expect(after === before).toBe(as === 'image');
      copy.user.write('d/a', 'B');
      copy.user.write('d/b', 'B');
      expect(disk.user.read('d/a')).toBe('A');
      expect(disk.user.read('d/b')).toBeUndefined();
      expect(copy.user.read('d/a')).toBe('B');
    }
  });

  it('[B01] an unmounted directory is empty and unbound, until it is mounted again', async () => {
    const disk = await prepare();
    const mount = disk.volume.unmount();
    expect(await disk.root()).toEqual({ state: 'unbound' });
    expect(await problemOf(disk.makeDirectory(['f']))).toBe('absent');
    mount();
    expect(await disk.root()).toEqual({ state: 'bound', instance: 'instance' });
  });
});
