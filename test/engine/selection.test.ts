import { describe, expect, it } from 'vitest';
import { pair } from './rig.ts';

class Killed extends Error {}

/** Anna's directory is at both; Ben has not sent what he did last in it. */
async function unsent() {
  const { rig, anna, ben } = pair();
  for (const name of ['d/edited', 'd/deleted', 'd/deep/f', 'other']) anna.user.write(name, name);
  await rig.settle();
  ben.user.write('d/edited', 'edited by ben');
  ben.user.write('d/new', 'new of ben');
  anna.user.write('d/deep/f', 'edited by anna');
  anna.user.write('other', 'other by anna');
  await anna.round();
  return { rig, anna, ben };
}

const HERE = { 'd/edited': 'edited by ben', 'd/new': 'new of ben', 'd/deleted': 'd/deleted' };

describe('[A35] a directory that is taken out of what is synchronized', () => {
  it('wherever the program is killed at it, nothing is deleted on either side', async () => {
    const { ben: plain } = await unsent();
    plain.restart(['/d']);
    let steps = 0;
    plain.fault = () => {
      steps += 1;
      return undefined;
    };
    for (let round = 0; round < 3; round += 1) await plain.round();
    expect(steps).toBeGreaterThan(10);

    for (let at = 1; at <= steps; at += 1) {
      const { rig, anna, ben } = await unsent();
      ben.restart(['/d']);
      let step = 0;
      ben.fault = () => {
        step += 1;
        if (step === at) throw new Killed();
        return undefined;
      };
      await expect(
        (async () => {
          for (let round = 0; round < 3; round += 1) await ben.round();
        })(),
      ).rejects.toThrow(Killed);
      ben.fault = () => undefined;
      ben.restart(['/d']);
      await rig.settle();
      expect(ben.files(), `step ${at}`).toMatchObject({ ...HERE, other: 'other by anna' });
      expect(anna.files(), `step ${at}`).toMatchObject({
        'd/deep/f': 'edited by anna',
        'd/deleted': 'd/deleted',
        'd/edited': 'd/edited',
      });

      ben.restart([]); // Taken in again: all of it meets.
      await rig.settle();
      expect(ben.files(), `step ${at}`).toMatchObject({ 'd/deep/f': 'edited by anna' });
      expect(ben.files(), `step ${at}`).toMatchObject(HERE);
      expect(anna.files(), `step ${at}`).toEqual(ben.files());
    }
  });

  it('where there is no room for it when it is taken in again, what is here stays', async () => {
    const { rig, anna, ben } = await unsent();
    ben.restart(['/d']);
    await rig.settle();
    anna.user.write('d/huge', 'x'.repeat(100_000));
    await rig.settle();
    ben.capacity = 50_000;
    ben.restart([]);
    await rig.settle();
    expect(ben.files()).toMatchObject(HERE);
    expect(anna.files()).toMatchObject(HERE);
    expect(anna.files()['d/huge']).toHaveLength(100_000);
    expect(ben.session.problems.all()).toMatchObject([{ path: 'd/huge', code: 'full' }]);
  });
});

describe('[M8] a conflict about a file of which every copy would be ignored', () => {
  it.each([
    ['by its extension', ['*.txt', '!f.txt']],
    ['by any name', ['*', '!f.txt', '!.syncignore']],
  ])('%s: both versions are there, and the client goes on', async (_, patterns) => {
    const { rig, anna, ben } = pair({ ignore: patterns });
    anna.user.write('f.txt', 'v0');
    await rig.settle();
    for (const { user, name } of [anna, ben]) user.write('f.txt', `by ${name}`);
    await anna.round();
    for (let round = 0; round < 5; round += 1) {
      rig.clock.pass(60_000);
      for (const one of [ben, anna]) await one.round();
    }
    expect(anna.files()['f.txt']).toBe(ben.files()['f.txt']);
    expect(Object.values(ben.files()).sort()).toEqual(['by anna', 'by ben']);
    anna.user.write('f.txt', 'v2');
    for (const one of [anna, ben]) await one.round();
    expect(ben.files()['f.txt']).toBe('v2');
  });
});
