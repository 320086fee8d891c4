import { describe, expect, it } from 'vitest';
import { quiet } from './quiet.ts';
import { pair } from './rig.ts';

describe('in the middle of a step', () => {
  it('[A28] a file that is deleted before it was sent leaves no trace', async () => {
    const { rig, anna, ben } = pair();
    let reads = 0;
    anna.meanwhile = (step) => {
      if (step !== 'read brief') return;
      reads += 1;
      if (reads === 3) anna.user.remove('brief'); // Two for the look, then the one for the server.
    };
    anna.user.write('brief', 'B');
    await quiet(rig);
    expect(reads).toBe(3);
    expect([anna.files(), ben.files()]).toEqual([{}, {}]);
    expect(rig.server.cursor).toBe(0);
  });

  it('[A33] a directory that is renamed while a file in it is being downloaded', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('d/f', 'v0');
    await quiet(rig);
    let renamed = false;
    ben.meanwhile = (step) => {
      if (step === 'place d/f' && !renamed) {
        renamed = true;
        ben.user.rename('d', 'e');
      }
    };
    anna.user.write('d/f', 'v1');
    anna.user.write('d/g', 'G');
    await quiet(rig);
    expect(renamed).toBe(true);
    expect(ben.files()).toEqual({ e: 'dir', 'e/f': 'v1', 'e/g': 'G' });
    expect(anna.files()).toEqual(ben.files());
  });

  it('[S13] what is to have the name of a file that cannot be moved now stays where it is seen', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('a', 'A');
    anna.user.write('b', 'B');
    await quiet(rig);
    anna.user.rename('a', 'c');
    anna.user.rename('b', 'a');
    await anna.round();
    ben.fault = (step, path) => (step === 'move' && path[0] === 'a' ? 'busy' : undefined);
    for (let turn = 0; turn < 3; turn += 1) {
      await ben.round();
      expect(ben.files()).toEqual({ a: 'A', b: 'B' });
    }
    expect(anna.files()).toEqual({ a: 'B', c: 'A' });
    ben.fault = () => undefined;
    await quiet(rig);
    expect(ben.files()).toEqual({ a: 'B', c: 'A' });
  });

  it('[S13] of two files that change names, and cannot be moved now, none is out of sight', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('a', 'A');
    anna.user.write('b', 'B');
    await quiet(rig);
    anna.user.rename('a', 't');
    anna.user.rename('b', 'a');
    anna.user.rename('t', 'b');
    await anna.round();
    ben.fault = (step) => (step === 'move' ? 'busy' : undefined);
    await ben.round();
    expect(ben.files()).toEqual({ a: 'A', b: 'B' });
    ben.fault = () => undefined;
    await quiet(rig);
    expect([anna.files(), ben.files()]).toEqual(Array(2).fill({ a: 'B', b: 'A' }));
  });
});
