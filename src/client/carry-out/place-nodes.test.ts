import { beforeEach, describe, expect, it } from 'vitest';
import { type Client, pair, type Rig } from '../../../test/engine/rig.ts';
import { carryOut } from '../carry-out.ts';
import { decide } from '../decide.ts';
import { pull } from '../pull.ts';

let rig: Rig;
let anna: Client;
let ben: Client;
let steps: string[];
beforeEach(async () => {
  ({ rig, anna, ben } = pair());
  for (const name of ['a/b/f', 'x', 'y', 'z']) anna.user.write(name, name);
  await rig.settle();
  steps = [];
});

/** Carries out at Ben's what Anna did; the steps that change names. */
async function carry(): ReturnType<typeof carryOut> {
  await anna.round();
  ben.session.behind = true;
  await pull(ben.session);
  ben.meanwhile = (step) => {
    if (/^(move|makeDirectory|lift|lower|removeDirectory|trash) /.test(step)) steps.push(step);
    return undefined;
  };
  return await carryOut(ben.session, decide(ben.session));
}

describe('[C1] names on the disk', () => {
  it('a directory first, then what goes into it', async () => {
    anna.user.rename('x', 'new/deep/x');
    anna.user.rename('a', 'new/a');
    expect(await carry()).toMatchObject({ steps: 4, held: new Set(), dirty: [] });
    expect(ben.files()).toEqual(anna.files());
    expect(steps.indexOf('makeDirectory new')).toBeLessThan(steps.indexOf('move a'));
    expect(steps.filter((step) => step.startsWith('lift'))).toEqual([]);
  });

  it('a chain of names in the order that needs nothing lifted', async () => {
    anna.user.rename('z', 'free');
    anna.user.rename('y', 'z');
    anna.user.rename('x', 'y');
    await carry();
    expect(ben.files()).toMatchObject({ free: 'z', z: 'y', y: 'x' });
    expect(steps.filter((step) => step.startsWith('lift'))).toEqual([]);
  });

  it.each([
    ['two', ['x', 'y']],
    ['three', ['x', 'y', 'z']],
  ])('a ring of %s names: one is lifted', async (_, names) => {
    anna.user.rename(names.at(-1) ?? '', 'out of the way');
    for (let at = names.length - 1; at > 0; at -= 1)
      anna.user.rename(names[at - 1] ?? '', names[at] ?? '');
    anna.user.rename('out of the way', names[0] ?? '');
    await carry();
    expect(ben.files()).toEqual(anna.files());
    expect(new Set(steps.filter((step) => step.startsWith('lift'))).size).toBe(1);
    expect(await ben.disk.lifted()).toEqual([]);
  });

  it('[A14] a directory below what was in it', async () => {
    anna.user.rename('a/b', 'b');
    anna.user.rename('a', 'b/a');
    await carry();
    expect(ben.files()).toEqual(anna.files());
  });

  it('[A14] a directory below what was in it, which goes into a new one of its name', async () => {
    anna.user.rename('a', 'old');
    anna.user.rename('old/b', 'b');
    await anna.round();
    anna.user.rename('old', 'b/old');
    await anna.round();
    anna.user.rename('b', 'a/new/b');
    await carry();
    expect(ben.files()).toEqual(anna.files());
    expect(await ben.disk.lifted()).toEqual([]);
  });

  it('what has the name and is to go, goes first', async () => {
    anna.user.remove('x');
    anna.user.rename('y', 'x');
    anna.user.remove('a');
    anna.user.rename('z', 'a');
    await carry();
    expect(ben.files()).toEqual({ a: 'z', x: 'y' });
    expect(steps.indexOf('trash x')).toBeLessThan(steps.indexOf('move y'));
  });

  it('[S11] what cannot be moved holds what would take its name, and what goes into it', async () => {
    ben.fault = (step, path) => (step === 'move' && path[0] === 'x' ? 'busy' : undefined);
    anna.user.rename('x', 'away');
    anna.user.rename('y', 'x');
    anna.user.makeDirectory('y');
    anna.user.rename('z', 'y/z');
    const { held } = await carry();
    expect(ben.files()).toEqual({
      a: 'dir',
      'a/b': 'dir',
      'a/b/f': 'a/b/f',
      x: 'x',
      y: 'y',
      z: 'z',
    });
    expect(held.size).toBe(4);
    expect(ben.session.problems.all()).toMatchObject([{ path: 'away', code: 'busy' }]);
    ben.fault = () => undefined;
    await rig.settle();
    expect(ben.files()).toEqual(anna.files());
  });

  it('[S11] what takes the name of what cannot go stays where it is, and its directory with it', async () => {
    ben.fault = (step, path) => (step === 'trash' && path[0] === 'x' ? 'full' : undefined);
    anna.user.remove('x');
    anna.user.rename('a/b/f', 'x');
    anna.user.remove('a');
    await carry();
    expect(steps.filter((step) => step.startsWith('lift'))).toEqual([]);
    expect(ben.files()).toMatchObject({ 'a/b/f': 'a/b/f', x: 'x', y: 'y' });
    ben.fault = () => undefined;
    await rig.settle();
    expect(ben.files()).toEqual(anna.files());
  });

  it('[S11] what takes the name of a directory that something in it keeps is not lifted for nothing', async () => {
    ben.fault = (step, path) => (step === 'trash' && path[0] === 'a' ? 'denied' : undefined);
    anna.user.remove('a');
    anna.user.rename('x', 'a');
    anna.user.rename('y', 'x');
    await carry();
    expect(steps.filter((step) => step.startsWith('lift'))).toEqual([]);
    expect(ben.files()).toMatchObject({ 'a/b/f': 'a/b/f', x: 'x', y: 'y' });
    ben.fault = () => undefined;
    await rig.settle();
    expect(ben.files()).toEqual(anna.files());
  });

  it('[S11] what was lifted, and finds no place, goes back at once', async () => {
    ben.fault = (step, path) => (step === 'move' && path[0] === 'y' ? 'busy' : undefined);
    anna.user.rename('x', 'z2');
    anna.user.rename('y', 'x');
    anna.user.rename('z2', 'y');
    await carry();
    expect(steps.filter((step) => step.startsWith('lift'))).not.toEqual([]);
    expect(await ben.disk.lifted()).toEqual([]);
    expect(ben.files()).toMatchObject({ x: 'x', y: 'y' });
    ben.fault = () => undefined;
    await rig.settle();
    expect(ben.files()).toEqual(anna.files());
  });

  it('what was moved here meanwhile waits for another look', async () => {
    anna.user.rename('x', 'there');
    ben.user.rename('x', 'elsewhere');
    const { dirty, held } = await carry();
    expect(dirty).toEqual([[]]);
    expect(held.size).toBe(1);
    expect(ben.files()).toMatchObject({ elsewhere: 'x' });
  });
});
