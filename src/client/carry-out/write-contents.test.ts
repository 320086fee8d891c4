import { beforeEach, describe, expect, it } from 'vitest';
import { type Client, pair, type Rig } from '../../../test/engine/rig.ts';
import { stagedOf, trashOf } from '../disk/world.ts';
import type { Progress } from '../session.ts';

let rig: Rig;
let anna: Client;
let ben: Client;
let steps: string[];
beforeEach(async () => {
  ({ rig, anna, ben } = pair());
  for (const name of ['f', 'g']) anna.user.write(name, `${name} v0`);
  await rig.settle();
  steps = [];
  ben.meanwhile = (step) => {
    if (/^(stage|place|touch|makeSymlink|sync)/.test(step)) steps.push(step);
    return undefined;
  };
});

async function bring(): Promise<void> {
  await anna.round();
  await ben.round();
}

describe('contents on the disk', () => {
  it('are staged, placed, made durable; what they replace is in the trash', async () => {
    anna.user.write('f', 'f v1');
    anna.user.write('new', 'N');
    await bring();
    expect(ben.files()).toEqual({ f: 'f v1', g: 'g v0', new: 'N' });
    expect([...trashOf(ben.user).values()]).toEqual(['f v0']);
    expect(steps.at(-1)).toBe('sync ');
    expect(stagedOf(ben.user)).toEqual([]);
  });

  it('of which only the time changed are touched, not written', async () => {
    anna.user.setTime('f', Date.UTC(2020, 1, 1));
    await bring();
    expect(steps).toEqual(['touch f', 'sync ']);
    expect(await ben.disk.look(['f'])).toMatchObject({ mtime: Date.UTC(2020, 1, 1) });
  });

  it('[S8] copies of conflicts are there, and durable, before an original is replaced', async () => {
    ben.user.write('f', 'from ben');
    rig.clock.pass(5000);
    anna.user.write('f', 'from anna');
    await bring();
    const copy = steps.findIndex((step) => step.startsWith('place f (conflict'));
    const original = steps.indexOf('place f');
    expect(copy).toBeGreaterThanOrEqual(0);
    expect(steps.slice(copy, original)).toContain('sync ');
  });

  it('links are replaced as files are', async () => {
    anna.user.remove('f');
    anna.user.symlink('f', 'g');
    anna.user.symlink('new', 'f');
    await bring();
    expect(ben.files()).toEqual({ f: '-> g', g: 'g v0', new: '-> f' });
    anna.user.remove('f');
    anna.user.symlink('f', 'new');
    await bring();
    expect(ben.files()).toMatchObject({ f: '-> new' });
    expect([...trashOf(ben.user).values()]).toEqual(['f v0', '-> g']);
  });

  it('[S11] one that cannot be placed leaves nothing behind, and the others are placed', async () => {
    ben.fault = (step, path) => (step === 'place' && path[0] === 'f' ? 'denied' : undefined);
    for (const name of ['f', 'g', 'h']) anna.user.write(name, `${name} v1`);
    await bring();
    expect(ben.files()).toEqual({ f: 'f v0', g: 'g v1', h: 'h v1' });
    expect(stagedOf(ben.user)).toEqual([]);
    expect(ben.session.problems.all()).toMatchObject([{ path: 'f', code: 'denied' }]);
  });

  it('a directory that something new is in gives way to no file', async () => {
    anna.user.write('d/f', 'F');
    await rig.settle();
    ben.fault = (step) => {
      if (step === 'stage') ben.fault = () => undefined;
      if (step === 'stage') ben.user.write('d/new', 'N');
      return undefined;
    };
    anna.user.remove('d');
    anna.user.write('d', 'a file');
    anna.user.write('other', 'O');
    await rig.settle();
    expect(Object.values(ben.files())).toEqual(expect.arrayContaining(['a file', 'N', 'O']));
    expect(anna.files()).toEqual(ben.files());
  });

  it('are told of as they come', async () => {
    const told: Progress[] = [];
    Object.assign(ben.session.listener, { progressed: (one: Progress) => void told.push(one) });
    for (const name of ['h', 'i']) anna.user.write(name, 'four');
    await bring();
    expect(told.filter(({ step }) => step === 'download')).toEqual([
      { step: 'download', files: 1, filesTotal: 2, bytes: 4, bytesTotal: 8 },
      { step: 'download', files: 2, filesTotal: 2, bytes: 8, bytesTotal: 8 },
    ]);
  });
});
