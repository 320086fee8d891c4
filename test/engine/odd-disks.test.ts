import { describe, expect, it } from 'vitest';
import { deny } from '../../src/client/disk/memory/faults.ts';
import { trashOf } from '../../src/client/disk/world.ts';
import { MAX_WHOLE_SIZE } from '../../src/core/cut.ts';
import { nodeAt } from '../../src/core/tree.ts';
import { quiet } from './quiet.ts';
import { type Client, longText, pair } from './rig.ts';

// Disks that do less than the usual one, and things on them that are not usual.

/** As on a memory card: seconds in twos, no number stays with a file, no second names, no executable bit. */
const CARD = {
  features: {
    inodes: false,
    hardLinks: false,
    executableBit: false,
    symlinks: false,
    caseSensitive: false,
    tick: 2_000_000_000n,
  },
} as const;

describe('[C39] a disk that keeps little', () => {
  it('synchronizes as another one does', async () => {
    const { rig, anna, ben } = pair({ systems: { ben: CARD } });
    for (const name of ['f', 'g', 'd/x', 'e/y']) anna.user.write(name, `${name} at first`);
    await quiet(rig);
    ben.user.write('f', 'f by ben');
    ben.user.rename('g', 'd/g');
    ben.user.rename('e', 'moved');
    ben.user.remove('d/x');
    ben.user.write('new', 'N');
    await quiet(rig);
    const wanted = {
      d: 'dir',
      'd/g': 'g at first',
      f: 'f by ben',
      moved: 'dir',
      'moved/y': 'e/y at first',
      new: 'N',
    };
    expect(anna.files()).toEqual(wanted);
    expect(ben.files()).toEqual(wanted);
    anna.user.rename('d', 'moved/d');
    anna.user.write('moved/d/g', 'g by anna');
    ben.user.write('new', 'N by ben');
    await quiet(rig);
    expect(ben.files()).toMatchObject({ 'moved/d/g': 'g by anna', new: 'N by ben' });
  });

  it('finds every edit, also those within one tick and of one size', async () => {
    const { rig, anna, ben } = pair({ systems: { ben: CARD } });
    for (let turn = 0; turn < 20; turn += 1) {
      ben.user.write('f', `first ${turn % 10}`);
      await ben.round();
      ben.user.write('f', `other ${turn % 10}`);
      await ben.round();
      await anna.round();
      expect(anna.files()).toEqual({ f: `other ${turn % 10}` });
      rig.clock.pass(turn * 300);
    }
  });

  it('what replaces a file that was edited meanwhile keeps both', async () => {
    const { rig, anna, ben } = pair({ systems: { ben: CARD } });
    anna.user.write('f', 'v0');
    await quiet(rig);
    anna.user.write('f', 'by anna');
    await anna.round();
    rig.clock.pass(5000);
    ben.user.write('f', 'by ben!');
    await quiet(rig);
    expect(Object.values(anna.files()).sort()).toEqual(['by anna', 'by ben!']);
  });
});

describe('[A30] a file with two names', () => {
  /** A second name for the same thing, as `ln` makes it. */
  const link = ({ disk }: Client, from: string, to: string): void => {
    const { volume } = disk;
    if (volume.root === undefined) throw new Error('There is no directory');
    const inode = volume.child(volume.root, from)?.inode;
    if (inode === undefined) throw new Error(`${from} is not there`);
    volume.attach(volume.root, to, inode);
    volume.sync();
  };

  it('is two files elsewhere; the one that is moved or edited is the one that was', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('a', 'same');
    await quiet(rig);
    const a = rig.server.tree.find('root', 'a');
    link(anna, 'a', 'b');
    await quiet(rig);
    expect(ben.files()).toEqual({ a: 'same', b: 'same' });
    expect(rig.server.tree.find('root', 'a')).toBe(a);
    anna.user.rename('b', 'c');
    await quiet(rig);
    expect(ben.files()).toEqual({ a: 'same', c: 'same' });
    expect(rig.server.tree.find('root', 'a')).toBe(a);
    anna.user.write('c', 'both change'); // On this disk they are one.
    await quiet(rig);
    expect(ben.files()).toEqual({ a: 'both change', c: 'both change' });
    ben.user.write('a', 'one changes');
    await quiet(rig);
    expect(anna.files()).toEqual({ a: 'one changes', c: 'both change' });
  });

  it('[N2] [M8] made elsewhere while the first cannot be looked for, takes nothing from it', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('a/f', 'same');
    await quiet(rig);
    const f = nodeAt(rig.server.tree, ['a', 'f']);
    anna.user.link('a/f', 'g');
    anna.fault = deny(['a']);
    await rig.settle();
    expect(ben.files()).toEqual({ a: 'dir', 'a/f': 'same', g: 'same' });
    anna.fault = () => undefined;
    await quiet(rig);
    expect(nodeAt(rig.server.tree, ['a', 'f'])).toBe(f);
    expect(ben.files()).toEqual({ a: 'dir', 'a/f': 'same', g: 'same' });
  });

  it('one of the names goes, the other stays', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('a', 'same');
    link(anna, 'a', 'b');
    await quiet(rig);
    anna.user.remove('a');
    await quiet(rig);
    expect(ben.files()).toEqual({ b: 'same' });
    ben.user.remove('b');
    await quiet(rig);
    expect(anna.files()).toEqual({});
    expect([...trashOf(anna.user).values()]).toEqual(['same']);
  });
});

describe('[C28] sizes', () => {
  const SMALL = 1024 * 1024;
  const edges = [MAX_WHOLE_SIZE, 256 * 1024, SMALL, 2 * SMALL].flatMap((size) => [
    size - 1,
    size,
    size + 1,
  ]);

  it.each([0, 1, ...edges])(
    'a file of %i bytes is the same elsewhere, and edited too',
    async (size) => {
      const { rig, anna, ben } = pair();
      const text = longText(size + 1, 8 * Math.ceil(size / 8 + 1)).slice(0, size);
      expect(text).toHaveLength(size);
      anna.user.write('f', text);
      await quiet(rig);
      expect(ben.files().f === text).toBe(true);
      ben.user.append('f', '!');
      await quiet(rig);
      expect(anna.files().f === `${text}!`).toBe(true);
      ben.user.write('f', text);
      await quiet(rig);
      expect(anna.files().f === text).toBe(true);
    },
  );

  it('many zeros are few chunks, and come back as so many zeros', async () => {
    const { rig, anna, ben } = pair();
    const zeros = '\0'.repeat(8 * SMALL);
    anna.user.write('zeros', zeros);
    await quiet(rig);
    expect(ben.files().zeros === zeros).toBe(true);
    expect(anna.wire.sent.length).toBeLessThan(10);
  });
});

describe('[C40] a file that a scanner holds while it is put in its place', () => {
  it.each(['busy', 'denied'] as const)(
    'is tried again and told of (%s); what came is kept, and nothing else waits',
    async (problem) => {
      const { rig, anna, ben } = pair();
      const [before, after] = [longText(21, 1_200_000), longText(22, 1_200_000)];
      anna.user.write('large', before);
      await quiet(rig);
      const fetched = ben.wire.fetched.length;
      let tries = 0;
      ben.fault = (step, path) => {
        if (step !== 'place' || path[0] !== 'large') return undefined;
        tries += 1;
        return problem;
      };
      anna.user.write('large', after);
      anna.user.write('other', 'O');
      await anna.round();
      for (let turn = 0; turn < 5; turn += 1) {
        await ben.round();
        rig.clock.pass(31_000);
      }
      expect(tries).toBeGreaterThan(3);
      expect(ben.files().large === before).toBe(true);
      expect(ben.files().other).toBe('O');
      expect(ben.session.problems.all()).toMatchObject([{ path: 'large', code: problem }]);
      ben.fault = () => undefined;
      await quiet(rig);
      expect(ben.files().large === after).toBe(true);
      const twice = ben.wire.fetched.slice(fetched).length - new Set(ben.wire.fetched).size;
      expect(twice).toBeLessThanOrEqual(0);
    },
  );
});
