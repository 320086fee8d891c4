import { describe, expect, it } from 'vitest';
import { trashOf } from '../../src/client/disk/world.ts';
import { quiet } from './quiet.ts';
import { pair, Rig } from './rig.ts';

const DAY = Date.UTC(2026, 0, 2);

describe('two people in one directory', () => {
  it('[A04] what both delete is deleted once', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'F');
    await quiet(rig);
    const { cursor } = rig.server;
    anna.user.remove('f');
    ben.user.remove('f');
    await quiet(rig);
    expect([anna.files(), ben.files()]).toEqual([{}, {}]);
    expect(rig.server.cursor).toBe(cursor + 1);
  });

  it('[A05] a file that is new in a deleted directory keeps it, and only it', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('d/deep/f', 'F');
    anna.user.write('d/g', 'G');
    await quiet(rig);
    anna.user.remove('d');
    ben.user.write('d/deep/new', 'N');
    await quiet(rig);
    expect(ben.files()).toEqual({ d: 'dir', 'd/deep': 'dir', 'd/deep/new': 'N' });
    expect(anna.files()).toEqual(ben.files());
  });

  it('[A06] an edit in a deleted directory lives on, with the directories above it', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('d/deep/f', 'F');
    anna.user.write('d/deep/g', 'G');
    await quiet(rig);
    anna.user.remove('d');
    ben.user.write('d/deep/f', 'edited');
    await quiet(rig);
    expect(anna.files()).toEqual({ d: 'dir', 'd/deep': 'dir', 'd/deep/f': 'edited' });
    expect(ben.files()).toEqual(anna.files());
  });

  it.each([
    ['anna', 'ben'],
    ['ben', 'anna'],
  ])(
    '[A08] two new files of one name are both kept, under the same names (%s first)',
    async (...clients) => {
      const rig = new Rig({ clients });
      for (const [name, time] of [
        ['anna', DAY],
        ['ben', DAY + 5000],
      ] as const) {
        rig.client(name).user.write('f.txt', `from ${name}`);
        rig.client(name).user.setTime('f.txt', time);
      }
      await quiet(rig);
      const wanted = {
        'f.txt': 'from ben',
        'f (conflict, anna, 2026-01-02 00-00-00).txt': 'from anna',
      };
      for (const client of rig.clients) expect(client.files()).toEqual(wanted);
    },
  );

  it.each([
    ['anna', 'ben'],
    ['ben', 'anna'],
  ])(
    '[A09] a new directory and a new file of one name are both kept (%s first)',
    async (...clients) => {
      const rig = new Rig({ clients });
      rig.client('anna').user.write('n/inside', 'deep');
      rig.client('ben').user.write('n', 'a file');
      await quiet(rig);
      const [one, other] = rig.clients.map((client) => client.files());
      expect(one).toEqual(other);
      expect(Object.values(one ?? {}).sort()).toEqual(['a file', 'deep', 'dir']);
      expect(one).toHaveProperty('n');
    },
  );

  it('[A24] an empty directory becomes a file of its name, and back', async () => {
    const { rig, anna, ben } = pair();
    anna.user.makeDirectory('x');
    await quiet(rig);
    anna.user.remove('x');
    anna.user.write('x', 'file');
    await quiet(rig);
    expect(ben.files()).toEqual({ x: 'file' });
    ben.user.remove('x');
    ben.user.makeDirectory('x');
    await quiet(rig);
    expect(anna.files()).toEqual({ x: 'dir' });
  });

  it('[A25] a file becomes a symlink and a file again; what was replaced is in the trash', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('x', 'file');
    anna.user.write('target', 'T');
    await quiet(rig);
    anna.user.remove('x');
    anna.user.symlink('x', 'target');
    await quiet(rig);
    expect(ben.files()).toEqual({ x: '-> target', target: 'T' });
    expect([...trashOf(ben.user).values()]).toEqual(['file']);
    anna.user.remove('x');
    anna.user.write('x', 'file again');
    await quiet(rig);
    expect(ben.files()).toEqual({ x: 'file again', target: 'T' });
  });

  it('[A26] a conflict about a conflict copy is named after the original', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f.txt', 'from anna');
    ben.user.write('f.txt', 'from ben');
    await quiet(rig);
    const copy = Object.keys(anna.files()).find((path) => path !== 'f.txt') ?? '';
    for (let turn = 0; turn < 3; turn += 1) {
      anna.user.write(copy, `anna again ${turn}`);
      rig.clock.pass(2000);
      ben.user.write(copy, `ben again ${turn}`);
      await quiet(rig);
    }
    const paths = Object.keys(anna.files());
    expect(paths).toHaveLength(5);
    expect(paths.filter((path) => path.split('conflict').length > 2)).toEqual([]);
    expect(ben.files()).toEqual(anna.files());
  });

  it('[M7] a conflict copy takes no name that something here has, though nobody else knows of it', async () => {
    const both = async () => {
      const { rig, anna, ben } = pair();
      anna.user.write('f.txt', 'from anna');
      await anna.round();
      rig.clock.pass(2000);
      ben.user.write('f.txt', 'from ben');
      return { rig, anna, ben };
    };
    const first = await both();
    await quiet(first.rig);
    const copy = Object.keys(first.ben.files()).find((path) => path !== 'f.txt') ?? '';
    const { rig, anna, ben } = await both();
    ben.user.write(copy, 'something else');
    await quiet(rig);
    const contents = Object.values(ben.files()).sort();
    expect(contents).toEqual(['from anna', 'from ben', 'something else']);
    expect(ben.files()).toHaveProperty([copy], 'something else');
    expect(anna.files()).toEqual(ben.files());
  });

  it('[A26] [M7] a file and a conflict copy of it, both edited on both sides at once, are four files after one round', async () => {
    const { rig, anna, ben } = pair();
    const old = 'f (conflict, cleo, 2025-05-05 05-05-05).txt';
    for (const name of ['f.txt', old]) anna.user.write(name, `${name} at first`);
    await quiet(rig);
    for (const name of ['f.txt', old]) {
      anna.user.write(name, `${name} by anna`);
      anna.user.setTime(name, DAY);
      ben.user.write(name, `${name} by ben`);
      ben.user.setTime(name, DAY + 5000);
    }
    await anna.round();
    await ben.round();
    const wanted = ['anna', 'ben'].flatMap((who) => ['f.txt', old].map((f) => `${f} by ${who}`));
    expect(Object.values(ben.files()).sort()).toEqual(wanted.sort());
    await quiet(rig);
    expect(Object.values(ben.files()).sort()).toEqual(wanted.sort());
    expect(anna.files()).toEqual(ben.files());
  });

  it('[A36] empty directories in empty directories are kept', async () => {
    const { rig, anna, ben } = pair();
    anna.user.makeDirectory('a/b/c');
    await quiet(rig);
    expect(ben.files()).toEqual({ a: 'dir', 'a/b': 'dir', 'a/b/c': 'dir' });
  });
});

describe('moves', () => {
  it('[A10] a rename here and an edit there are both done', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'v0');
    await quiet(rig);
    anna.user.rename('f', 'g');
    ben.user.write('f', 'edited');
    await quiet(rig);
    expect([anna.files(), ben.files()]).toEqual([{ g: 'edited' }, { g: 'edited' }]);
  });

  it('[A11] a file that is renamed on both sides has one of the names, on both', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'F');
    await quiet(rig);
    anna.user.rename('f', 'g');
    ben.user.rename('f', 'h');
    await quiet(rig);
    expect(anna.files()).toEqual({ g: 'F' });
    expect(ben.files()).toEqual(anna.files());
  });

  it('[A12] two directories moved into each other: one move holds, nothing is doubled', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('d/f', 'F');
    anna.user.write('e/g', 'G');
    await quiet(rig);
    anna.user.rename('d', 'e/d');
    ben.user.rename('e', 'd/e');
    await quiet(rig);
    expect(anna.files()).toEqual({ e: 'dir', 'e/d': 'dir', 'e/d/f': 'F', 'e/g': 'G' });
    expect(ben.files()).toEqual(anna.files());
  });

  it('[A15] [A16] a directory that is renamed takes along what others edit and make in it', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('d/f', 'v0');
    await quiet(rig);
    anna.user.rename('d', 'e');
    ben.user.write('d/f', 'edited');
    ben.user.write('d/new', 'N');
    await quiet(rig);
    expect(anna.files()).toEqual({ e: 'dir', 'e/f': 'edited', 'e/new': 'N' });
    expect(ben.files()).toEqual(anna.files());
  });

  it('[A17] what is moved into a deleted directory survives', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'F');
    anna.user.write('d/g', 'G');
    await quiet(rig);
    ben.user.remove('d');
    anna.user.rename('f', 'd/f');
    await quiet(rig);
    expect(anna.files()).toEqual({ d: 'dir', 'd/f': 'F' });
    expect(ben.files()).toEqual(anna.files());
  });

  it('[A18] a rename onto a name that another one makes: both are kept', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'renamed');
    await quiet(rig);
    anna.user.rename('f', 'g');
    ben.user.write('g', 'new');
    await quiet(rig);
    expect(Object.values(anna.files()).sort()).toEqual(['new', 'renamed']);
    expect(anna.files()).toHaveProperty('g', 'renamed');
    expect(ben.files()).toEqual(anna.files());
  });

  it('[A19] a rename is not weaker than a deletion', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'F');
    await quiet(rig);
    ben.user.remove('f');
    anna.user.rename('f', 'g');
    await quiet(rig);
    expect([anna.files(), ben.files()]).toEqual([{ g: 'F' }, { g: 'F' }]);
    ben.user.remove('g');
    anna.user.rename('g', 'h');
    anna.user.write('h', 'edited');
    await quiet(rig);
    expect([anna.files(), ben.files()]).toEqual([{ h: 'edited' }, { h: 'edited' }]);
  });

  it('[A20] two files renamed to one name are both kept', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'F');
    anna.user.write('g', 'G');
    await quiet(rig);
    anna.user.rename('f', 't');
    ben.user.rename('g', 't');
    await quiet(rig);
    expect(anna.files()).toMatchObject({ t: 'F' });
    expect(Object.values(anna.files()).sort()).toEqual(['F', 'G']);
    expect(ben.files()).toEqual(anna.files());
  });

  it('[A21] a rename with an edit of the same size and time is both', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'old');
    anna.user.setTime('f', DAY);
    await quiet(rig);
    anna.user.rename('f', 'g');
    anna.user.write('g', 'new');
    anna.user.setTime('g', DAY);
    await quiet(rig);
    expect(ben.files()).toEqual({ g: 'new' });
  });

  it('[A22] a rename, and a directory under the old name', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('x', 'file');
    await quiet(rig);
    anna.user.rename('x', 'y');
    anna.user.write('x/inside', 'deep');
    await quiet(rig);
    expect(ben.files()).toEqual({ x: 'dir', 'x/inside': 'deep', y: 'file' });
  });

  it('[A27] deleted and made anew at once is new everywhere', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'old');
    await quiet(rig);
    anna.user.remove('f');
    anna.user.write('f', 'new');
    await quiet(rig);
    expect([anna.files(), ben.files()]).toEqual([{ f: 'new' }, { f: 'new' }]);
  });

  it('[A29] a rename and an edit between two looks are one change of one node', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'v0');
    await quiet(rig);
    const node = rig.server.tree.find('root', 'f');
    const { cursor } = rig.server;
    anna.user.rename('f', 'g');
    anna.user.write('g', 'v1');
    await quiet(rig);
    expect(ben.files()).toEqual({ g: 'v1' });
    expect(rig.server.tree.find('root', 'g')).toBe(node);
    expect(rig.server.cursor).toBe(cursor + 1);
  });

  it('[A30] of two files with one content, the one that was moved is moved', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('a', 'same');
    anna.user.write('b', 'same');
    await quiet(rig);
    const [a, b] = ['a', 'b'].map((name) => rig.server.tree.find('root', name));
    anna.user.rename('b', 'c');
    await quiet(rig);
    expect(ben.files()).toEqual({ a: 'same', c: 'same' });
    expect(rig.server.tree.find('root', 'a')).toBe(a);
    expect(rig.server.tree.find('root', 'c')).toBe(b);
  });

  it('[A31] many renames in one directory send and fetch no content, and are so many changes', async () => {
    const { rig, anna, ben } = pair();
    const many = Array.from({ length: 60 }, (_, index) => `${index}`);
    for (const name of many) anna.user.write(`d/${name}`, `content ${name}`);
    await quiet(rig);
    const before = { cursor: rig.server.cursor, sent: anna.wire.sent.length };
    const fetched = ben.wire.fetched.length;
    for (const name of many) anna.user.rename(`d/${name}`, `d/renamed ${name}`);
    await quiet(rig);
    expect(ben.files()).toHaveProperty('d/renamed 59', 'content 59');
    expect(Object.keys(ben.files())).toHaveLength(61);
    expect({ cursor: rig.server.cursor, sent: anna.wire.sent.length }).toEqual({
      cursor: before.cursor + 60,
      sent: before.sent,
    });
    expect(ben.wire.fetched).toHaveLength(fetched);
  });
});
