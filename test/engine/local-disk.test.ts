import { describe, expect, it } from 'vitest';
import { trashOf } from '../../src/client/disk/world.ts';
import type { Change } from '../../src/core/change.ts';
import { nodeAt } from '../../src/core/tree.ts';
import { quiet } from './quiet.ts';
import { type Client, pair } from './rig.ts';
import { MINUTE, Stage } from './stage.ts';

/** Somebody does this right before the first such step on a client's disk. */
function rightBefore(
  client: Client,
  wanted: string,
  act: () => void,
): { readonly happened: boolean } {
  const seen = { happened: false };
  client.meanwhile = (step) => {
    if (step !== wanted || seen.happened) return;
    seen.happened = true;
    act();
  };
  return seen;
}

describe('somebody writes while a round runs', () => {
  it('[C02] over what is about to be replaced: both versions are kept', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'v0');
    await quiet(rig);
    const seen = rightBefore(ben, 'place f', () => ben.user.write('f', 'from ben'));
    anna.user.write('f', 'from anna');
    await quiet(rig);
    expect(seen.happened).toBe(true);
    expect(Object.values(ben.files()).sort()).toEqual(['from anna', 'from ben']);
    expect(anna.files()).toEqual(ben.files());
  });

  it('[C02] where something new is about to be placed', async () => {
    const { rig, anna, ben } = pair();
    const seen = rightBefore(ben, 'place f', () => ben.user.write('f', 'from ben'));
    anna.user.write('f', 'from anna');
    await quiet(rig);
    expect(seen.happened).toBe(true);
    expect(Object.values(ben.files()).sort()).toEqual(['from anna', 'from ben']);
    expect(anna.files()).toEqual(ben.files());
  });

  it.each(['trash f', 'look f'])(
    '[C03] to what is about to be deleted (%s): it lives on',
    async (step) => {
      const { rig, anna, ben } = pair();
      anna.user.write('f', 'v0');
      await quiet(rig);
      anna.user.remove('f');
      await anna.round();
      const seen = rightBefore(ben, step, () => ben.user.write('f', 'edited'));
      await quiet(rig);
      expect(seen.happened).toBe(true);
      expect([anna.files(), ben.files()]).toEqual([{ f: 'edited' }, { f: 'edited' }]);
    },
  );

  it('[A07] [C03] into a directory that is about to be removed: it stays, with what is new in it', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('d/f', 'F');
    await quiet(rig);
    anna.user.remove('d');
    const seen = rightBefore(ben, 'removeDirectory d', () => ben.user.write('d/new', 'N'));
    await quiet(rig);
    expect(seen.happened).toBe(true);
    expect(ben.files()).toEqual({ d: 'dir', 'd/new': 'N' });
    expect(anna.files()).toEqual(ben.files());
  });

  it('[A07] also where the watcher tells nothing of what is new there', async () => {
    const stage = new Stage();
    stage.disk.user.write('d/f', 'F');
    await stage.start();
    const { tree } = stage.server;
    const [d = '', f = ''] = [nodeAt(tree, ['d']), nodeAt(tree, ['d', 'f'])];
    stage.fault = (step) => {
      if (step === 'removeDirectory') stage.disk.user.write('d/new', 'N');
      return undefined;
    };
    const changes = [f, d].map((node): Change => {
      const { placeVersion = 0, contentVersion = 0 } = tree.get(node) ?? {};
      return { type: 'delete', node, replacesPlace: placeVersion, replacesContent: contentVersion };
    });
    await stage.other.commit({ key: 'k', changes, manifests: [], chunks: [] });
    await stage.pass(MINUTE);
    expect(stage.localNames.sort()).toEqual(['d', 'd/new']);
    expect(stage.serverNames).toEqual(['d', 'new']);
    await stage.stop();
  });

  it('[B15] over what is about to be replaced, within one tick and as many bytes: both are kept', async () => {
    const tick = { features: { tick: 2_000_000_000n } };
    const { rig, anna, ben } = pair({ systems: { ben: tick } });
    anna.user.write('f', 'v0');
    await quiet(rig);
    anna.user.write('f', 'v1');
    await anna.round();
    rig.clock.pass(2000 - (rig.clock.now() % 2000));
    ben.user.write('f', 'v0');
    let happened = false;
    ben.wire.fault = (call) => {
      if (call === 'changes' && !happened) ben.user.write('f', 'v2'); // After the look, before the step.
      happened = true;
      return undefined;
    };
    await ben.round();
    ben.wire.heal();
    await quiet(rig);
    expect(happened).toBe(true);
    expect(Object.values(ben.files()).sort()).toEqual(['v1', 'v2']);
    expect(anna.files()).toEqual(ben.files());
  });

  it.each(['move d', 'look d'])('a rename of the directory before `%s`', async (step) => {
    const { rig, anna, ben } = pair();
    anna.user.write('d/f', 'F');
    await quiet(rig);
    anna.user.rename('d', 'e');
    anna.user.write('new/g', 'G');
    const seen = rightBefore(ben, step, () => ben.user.rename('d', 'mine'));
    await quiet(rig);
    expect(seen.happened).toBe(true);
    expect(Object.values(ben.files()).sort()).toEqual(['F', 'G', 'dir', 'dir']);
    expect(anna.files()).toEqual(ben.files());
  });

  it('[C25] [C26] a directory that becomes a symlink: nothing is written or deleted through it', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('d/f', 'v0');
    anna.user.write('d/g', 'G');
    anna.user.write('other/f', 'not to be touched');
    await quiet(rig);
    anna.user.write('d/f', 'v1');
    anna.user.remove('d/g');
    anna.user.write('d/new', 'N');
    const seen = rightBefore(ben, 'place d/f', () => {
      ben.user.rename('d', 'kept');
      ben.user.symlink('d', 'other');
    });
    await quiet(rig);
    expect(seen.happened).toBe(true);
    expect(ben.files()).toMatchObject({ d: '-> other', 'other/f': 'not to be touched' });
    expect(ben.files()).toMatchObject({ 'kept/f': 'v1', 'kept/new': 'N' });
    expect(ben.files()['other/new']).toBe(undefined);
    expect(anna.files()).toEqual(ben.files());
  });
});

describe('how programs save', () => {
  it('[C05] by renaming the old version to a backup: an update, and nobody is without the file', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'v0');
    await quiet(rig);
    const node = rig.server.tree.find('root', 'f');
    anna.user.rename('f', 'f~');
    anna.user.write('f', 'v1');
    ben.meanwhile = () => {
      expect(ben.files()).toHaveProperty('f');
      return undefined;
    };
    await quiet(rig);
    expect(ben.files()).toEqual({ f: 'v1', 'f~': 'v0' });
    expect(rig.server.tree.find('root', 'f')).toBe(node);
    anna.user.remove('f~');
    await quiet(rig);
    expect(ben.files()).toEqual({ f: 'v1' });
  });

  it('[C06] by emptying and writing slowly: what is there at last is everywhere', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'a whole version');
    await quiet(rig);
    anna.user.write('f', '');
    await anna.round();
    await ben.round();
    anna.user.append('f', 'half ');
    await anna.round();
    anna.user.append('f', 'and half');
    await quiet(rig);
    expect([anna.files(), ben.files()]).toEqual([{ f: 'half and half' }, { f: 'half and half' }]);
    expect([...trashOf(ben.user).values()]).toContain('a whole version');
  });

  it('[C08] from an old copy in memory, over what came since: that can be had back on every machine', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'v0');
    await quiet(rig);
    anna.user.write('f', 'v1 of anna');
    await quiet(rig); // Ben's program still shows v0.
    ben.user.write('f', 'v0 with an edit of ben');
    await quiet(rig);
    expect(anna.files()).toEqual({ f: 'v0 with an edit of ben' });
    expect([...trashOf(anna.user).values()]).toEqual(['v1 of anna']);
    const { chunks } = rig.server;
    const kept = [...chunks.values()].map(({ bytes }) => Buffer.from(bytes).toString());
    expect(kept).toContain('v1 of anna');
  });

  it('[C09] with size and time put back: the edit is found', async () => {
    const { rig, anna, ben } = pair();
    const time = Date.UTC(2025, 1, 1);
    anna.user.write('f', 'v0');
    anna.user.setTime('f', time);
    await quiet(rig);
    rig.clock.pass(60_000);
    anna.user.write('f', 'v1');
    anna.user.setTime('f', time);
    await quiet(rig);
    expect(ben.files()).toEqual({ f: 'v1' });
  });

  it('[C10] twice within a tick of a coarse file system: the second is found', async () => {
    const { rig, anna, ben } = pair({ systems: { anna: { features: { tick: 2_000_000_000n } } } });
    for (let turn = 0; turn < 20; turn += 1) {
      anna.user.write('f', `first ${turn % 10}`);
      await anna.round();
      anna.user.write('f', `other ${turn % 10}`);
      await anna.round();
      await ben.round();
      expect(ben.files()).toEqual({ f: `other ${turn % 10}` });
      rig.clock.pass(turn * 100);
    }
  });

  it.each([0, -86_400_000, Date.UTC(2100, 0, 1), 2 ** 45, -(2 ** 45), 8.64e15])(
    '[C11] the time %i is a time',
    async (time) => {
      const { rig, anna, ben } = pair();
      anna.user.write('f', 'F');
      anna.user.setTime('f', time);
      await quiet(rig);
      expect(await ben.disk.look(['f'])).toMatchObject({ mtime: time });
      const { cursor } = rig.server;
      ben.restart();
      await quiet(rig);
      expect(rig.server.cursor).toBe(cursor);
    },
  );

  it('[C12] a clock that is set back a year loses nothing', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'v0');
    await quiet(rig);
    rig.clock.pass(-365 * 86_400_000);
    anna.user.write('f', 'v1');
    anna.user.write('g', 'G');
    await quiet(rig);
    expect(ben.files()).toEqual({ f: 'v1', g: 'G' });
    ben.user.write('f', 'v2');
    await quiet(rig);
    expect(anna.files()).toEqual({ f: 'v2', g: 'G' });
  });
});

describe('links and echoes', () => {
  it('[C23] a ring of symlinks is kept as it is, and not followed', async () => {
    const { rig, anna, ben } = pair();
    anna.user.symlink('a', 'b');
    anna.user.symlink('b', 'a');
    anna.user.write('d/f', 'F');
    anna.user.symlink('d/up', '../d');
    anna.user.symlink('d/self', '.');
    await quiet(rig);
    expect(ben.files()).toEqual({
      a: '-> b',
      b: '-> a',
      d: 'dir',
      'd/f': 'F',
      'd/self': '-> .',
      'd/up': '-> ../d',
    });
  });

  it.each(['/etc/passwd', '../outside', 'd/../../outside', '.syncer/marker.json'])(
    '[C24] a symlink to %s is told of, and neither sent nor followed',
    async (target) => {
      const { rig, anna, ben } = pair();
      anna.user.write('d/f', 'F');
      anna.user.symlink('link', target);
      await rig.settle();
      expect(ben.files()).toEqual({ d: 'dir', 'd/f': 'F' });
      expect(anna.files().link).toBe(`-> ${target}`);
      expect(anna.session.problems.all()).toMatchObject([{ path: 'link', code: 'unsupported' }]);
    },
  );

  it('[C24] a symlink that would lead outside at another place is not moved there', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'F');
    anna.user.symlink('d/link', '../f');
    await rig.settle();
    anna.user.rename('d/link', 'link');
    await rig.settle();
    expect(anna.session.problems.all()).toMatchObject([{ path: 'link', code: 'unsupported' }]);
    expect(ben.files()).toMatchObject({ f: 'F' });
    expect(ben.files().link).toBe(undefined);
  });

  it('[C37] what was received is not sent back', async () => {
    const { rig, anna, ben } = pair();
    for (let index = 0; index < 30; index += 1) anna.user.write(`d/${index}`, `content ${index}`);
    anna.user.symlink('link', 'd');
    await quiet(rig);
    anna.user.rename('d', 'e');
    anna.user.write('e/7', 'edited');
    anna.user.setTime('e/8', Date.UTC(2024, 0, 1));
    anna.user.remove('e/9');
    await quiet(rig);
    expect(ben.files()).toEqual(anna.files());
    expect(ben.wire.count('commit')).toBe(0);
    ben.restart();
    await quiet(rig);
    expect(ben.wire.count('commit')).toBe(0);
  });
});
