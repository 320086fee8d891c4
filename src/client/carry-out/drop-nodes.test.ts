import { beforeEach, describe, expect, it } from 'vitest';
import { type Client, pair, type Rig } from '../../../test/engine/rig.ts';
import { carryOut } from '../carry-out.ts';
import { decide } from '../decide.ts';
import { trashOf } from '../disk/world.ts';
import { pull } from '../pull.ts';

let rig: Rig;
let anna: Client;
let ben: Client;
beforeEach(async () => {
  ({ rig, anna, ben } = pair({ ignore: ['*.tmp'] }));
  for (const name of ['d/e/f', 'd/g', 'h']) anna.user.write(name, name);
  anna.user.symlink('d/link', 'g');
  await rig.settle();
});

/** Carries out at Ben's what Anna did. */
async function carry(): ReturnType<typeof carryOut> {
  await anna.round();
  ben.session.behind = true;
  await pull(ben.session);
  return await carryOut(ben.session, decide(ben.session));
}

describe('what is to go', () => {
  it('goes to the trash, and directories when they are empty', async () => {
    anna.user.remove('d');
    expect(await carry()).toMatchObject({ steps: 5, dirty: [] });
    expect(ben.files()).toEqual({ h: 'h' });
    expect(Object.fromEntries(trashOf(ben.user))).toEqual({
      'd/e/f': 'd/e/f',
      'd/g': 'd/g',
      'd/link': '-> g',
    });
  });

  it('[C03] stays when it is not what was seen, with the directories above it', async () => {
    anna.user.remove('d');
    ben.user.write('d/e/f', 'edited');
    const { dirty } = await carry();
    expect(ben.files()).toEqual({ d: 'dir', 'd/e': 'dir', 'd/e/f': 'edited', h: 'h' });
    expect(dirty).toEqual([['d', 'e']]);
    await rig.settle();
    expect(anna.files()).toEqual(ben.files());
  });

  it('[S3] a directory that holds ignored things stays here, and is no longer followed', async () => {
    ben.user.write('d/e/x.tmp', 'X');
    anna.user.remove('d');
    await carry();
    expect(ben.files()).toEqual({ d: 'dir', 'd/e': 'dir', 'd/e/x.tmp': 'X', h: 'h' });
    const { local, synced } = ben.session.state;
    expect(local.find('root', 'd')).toBe(undefined);
    expect(synced.find('root', 'd')).toBe(undefined);
  });

  it('a directory that holds something new waits for another look', async () => {
    ben.user.write('d/e/new', 'N');
    anna.user.remove('d');
    const { dirty } = await carry();
    expect(ben.files()).toEqual({ d: 'dir', 'd/e': 'dir', 'd/e/new': 'N', h: 'h' });
    expect(dirty.map((path) => path.join('/'))).toContain('d/e');
    expect(ben.session.state.local.find('root', 'd')).toBeDefined();
  });

  it('[S11] what cannot be removed is a problem; the rest goes', async () => {
    ben.fault = (step, path) => (step === 'trash' && path[1] === 'g' ? 'denied' : undefined);
    anna.user.remove('d');
    await carry();
    expect(ben.files()).toEqual({ d: 'dir', 'd/g': 'd/g', h: 'h' });
    expect(ben.session.problems.all()).toMatchObject([{ path: 'd/g', code: 'denied' }]);
    expect(ben.session.state.synced.find('root', 'd')).toBeDefined();
  });
});
