import { describe, expect, it } from 'vitest';
import { trashOf } from '../../src/client/disk/world.ts';
import { quiet } from './quiet.ts';
import { pair, Rig } from './rig.ts';

const hasIn = (files: Readonly<Record<string, string>>, content: string): boolean =>
  Object.values(files).includes(content);

describe('what is outside', () => {
  it('[S1] renamed into an ignored name is a deletion elsewhere; out of it, a creation', async () => {
    const { rig, anna, ben } = pair({ ignore: ['*.tmp'] });
    anna.user.write('f', 'F');
    await quiet(rig);
    anna.user.rename('f', 'f.tmp');
    await rig.settle();
    expect(anna.files()).toEqual({ 'f.tmp': 'F' });
    expect(ben.files()).toEqual({});
    anna.user.rename('f.tmp', 'g');
    await quiet(rig);
    expect([anna.files(), ben.files()]).toEqual([{ g: 'F' }, { g: 'F' }]);
  });

  it('[S1] renamed elsewhere into a name that is ignored here only, it is gone from here, kept there', async () => {
    const { rig, anna, ben } = pair();
    ben.restart(['*.tmp']);
    anna.user.write('f', 'F');
    await quiet(rig);
    anna.user.rename('f', 'f.tmp');
    await rig.settle();
    expect(ben.files()).toEqual({});
    expect([...trashOf(ben.user).values()]).toEqual(['F']);
    anna.user.rename('f.tmp', 'f');
    await quiet(rig);
    expect([anna.files(), ben.files()]).toEqual([{ f: 'F' }, { f: 'F' }]);
  });

  it('[S1] patterns that come with the directory hold for everybody, and go when it goes', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('.syncignore', '*.log\n');
    anna.user.write('a.log', 'of anna');
    ben.user.write('b.log', 'of ben');
    await anna.round();
    await rig.settle();
    expect(ben.files()).toEqual({ '.syncignore': '*.log\n', 'b.log': 'of ben' });
    expect(rig.serverFiles().has('a.log')).toBe(false);
    ben.user.remove('.syncignore');
    await quiet(rig);
    expect(anna.files()).toEqual({ 'a.log': 'of anna', 'b.log': 'of ben' });
    expect(ben.files()).toEqual(anna.files());
  });

  it('[S2] a directory in which the server has what is ignored here is not deleted there', async () => {
    const { rig, anna, ben } = pair();
    ben.restart(['*.tmp']);
    anna.user.write('d/f', 'F');
    anna.user.write('d/x.tmp', 'X');
    await rig.settle();
    expect(ben.files()).toEqual({ d: 'dir', 'd/f': 'F' });
    ben.user.remove('d');
    await rig.settle();
    expect(anna.files()).toEqual({ d: 'dir', 'd/x.tmp': 'X' });
    expect(ben.files()).toEqual({ d: 'dir' });
  });

  it('[S3] a new directory of nothing but ignored things is not shown to others', async () => {
    const { rig, anna, ben } = pair({ ignore: ['*.pyc'] });
    anna.user.write('d/deep/f.pyc', 'compiled');
    await rig.settle();
    expect(ben.files()).toEqual({});
    anna.user.write('d/deep/f.py', 'source');
    await rig.settle();
    expect(ben.files()).toEqual({ d: 'dir', 'd/deep': 'dir', 'd/deep/f.py': 'source' });
  });

  it('[S3] [A23] a file takes the name of a directory that still holds ignored things', async () => {
    const { rig, anna, ben } = pair({ ignore: ['*.pyc'] });
    anna.user.write('x/f', 'F');
    await quiet(rig);
    ben.user.write('x/f.pyc', 'compiled');
    anna.user.remove('x');
    anna.user.write('x', 'a file');
    anna.user.write('other', 'O');
    await rig.settle();
    expect(anna.files()).toMatchObject({ x: 'a file', other: 'O' });
    expect(ben.files()).toMatchObject({ x: 'a file', other: 'O' });
    expect(hasIn(ben.files(), 'compiled')).toBe(true);
  });

  it('[S9] what is made in a place that is ignored here, and moved out of it, goes its own way', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('d/f', 'F');
    await quiet(rig);
    ben.restart(['hidden']);
    anna.user.rename('d', 'hidden');
    ben.user.write('d/f', 'edited');
    ben.user.write('d/new', 'N');
    await anna.round();
    await rig.settle();
    expect(ben.files()).toEqual({ d: 'dir', 'd/f': 'edited', 'd/new': 'N' });
    expect(anna.files()).toMatchObject({ hidden: 'dir', 'hidden/f': 'F', 'd/f': 'edited' });
    expect(anna.files()).toHaveProperty('d/new', 'N');
    ben.user.write('d/f', 'edited again');
    await rig.settle();
    expect(anna.files()).toMatchObject({ 'hidden/f': 'F', 'd/f': 'edited again' });
  });
});

describe('what may be believed', () => {
  it('[S4] [B14] a tree that is moved while it is looked for is moved, not deleted', async () => {
    const { rig, anna } = pair();
    anna.user.makeDirectory('a');
    anna.user.write('z/f', 'F');
    await quiet(rig);
    const node = rig.server.tree.find('root', 'z');
    let moved = false;
    anna.meanwhile = (step) => {
      if (step === 'list z' && !moved) {
        moved = true;
        anna.user.rename('z', 'a/z');
      }
    };
    await quiet(rig);
    expect(moved).toBe(true);
    expect(anna.files()).toEqual({ a: 'dir', 'a/z': 'dir', 'a/z/f': 'F' });
    expect(rig.server.tree.get(node ?? '')).toMatchObject({ name: 'z', kind: 'directory' });
  });

  it('[S4] also while it is looked for a second time', async () => {
    const { rig, anna } = pair();
    anna.user.makeDirectory('a');
    anna.user.write('gone', 'G');
    anna.user.write('z/f', 'F');
    await quiet(rig);
    const node = rig.server.tree.find('root', 'z');
    let looks = 0;
    anna.meanwhile = (step) => {
      if (step !== 'list z') return;
      looks += 1;
      if (looks === 2) anna.user.rename('z', 'a/z');
    };
    anna.user.remove('gone');
    await quiet(rig);
    expect(looks).toBeGreaterThan(1);
    expect(anna.files()).toEqual({ a: 'dir', 'a/z': 'dir', 'a/z/f': 'F' });
    expect(rig.server.tree.get(node ?? '')).toMatchObject({ name: 'z', kind: 'directory' });
  });

  it('[S6] [B01] an unmounted directory halts everything until it is there again', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'F');
    await quiet(rig);
    const mount = anna.disk.volume.unmount();
    await expect(anna.round()).rejects.toThrow(/marker/);
    anna.disk.volume.setRoot(undefined);
    await expect(anna.round()).rejects.toThrow(/not there/);
    mount();
    ben.user.write('g', 'G');
    await quiet(rig);
    expect(anna.files()).toEqual({ f: 'F', g: 'G' });
  });

  it('[S6] [B03] [B04] a directory with another marker, or a state with another directory, halts', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'F');
    await quiet(rig);
    anna.user.remove('f');
    await anna.disk.bind('somebody else');
    await expect(anna.round()).rejects.toThrow(/another client state/);
    expect(ben.files()).toEqual({ f: 'F' });
  });

  it('[S12] patterns that cannot be read stay what they were', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('.syncignore', '*.log');
    anna.user.write('a.log', 'L');
    await rig.settle();
    anna.fault = (step, path) =>
      step === 'look' && path[0] === '.syncignore' ? 'unreadable' : undefined;
    anna.user.write('b.log', 'L');
    await rig.settle();
    anna.fault = () => undefined;
    anna.user.write('.syncignore', 'x'.repeat(1024 * 1024 + 1));
    await rig.settle();
    expect(Object.keys(ben.files())).toEqual(['.syncignore']);
    expect(rig.serverFiles().has('a.log')).toBe(false);
  });
});

describe('no conflict', () => {
  it('[S10] a touch against an edit: the edit, with its time', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'v0');
    await quiet(rig);
    anna.user.write('f', 'edited');
    anna.user.setTime('f', Date.UTC(2026, 0, 1, 1, 1, 1, 1));
    ben.user.setTime('f', Date.UTC(2026, 5, 5, 5, 5, 5, 5));
    await quiet(rig);
    expect([anna.files(), ben.files()]).toEqual([{ f: 'edited' }, { f: 'edited' }]);
    expect(await ben.disk.look(['f'])).toMatchObject({ mtime: Date.UTC(2026, 0, 1, 1, 1, 1, 1) });
  });

  it('[S10] a chmod against an edit: both', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'v0');
    await quiet(rig);
    const look = await anna.disk.look(['f']);
    if (look === undefined) throw new Error('f is there');
    await anna.disk.touch(['f'], { mtime: look.mtime, executable: true }, look);
    ben.user.write('f', 'edited');
    await ben.round();
    await quiet(rig);
    expect([anna.files(), ben.files()]).toEqual([{ f: 'edited' }, { f: 'edited' }]);
    for (const client of rig.clients)
      expect(await client.disk.look(['f'])).toMatchObject({ executable: true });
  });

  it('[S5] three clients whose server was set up anew meet again, whoever comes first', async () => {
    const rig = new Rig({ clients: ['anna', 'ben', 'cleo'] });
    rig.client('anna').user.write('d/f', 'v0');
    await quiet(rig);
    rig.client('ben').user.write('d/f', 'v1');
    await rig.client('ben').round();
    rig.server.epoch = 'epoch-2';
    rig.server.forgetAll();
    for (const client of rig.clients) client.restart();
    await rig.client('cleo').round();
    await quiet(rig);
    for (const client of rig.clients) {
      expect(client.files()).toHaveProperty('d/f', 'v1');
      expect(client.files()).toEqual(rig.client('anna').files());
    }
  });
});
