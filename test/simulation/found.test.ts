import { expect, it } from 'vitest';
import type { Machine, Plan } from './plan.ts';
import { runTwice } from './run-seed.ts';

const machine = (name: string, more: Partial<Machine> = {}): Machine => ({
  name,
  system: 'linux',
  caseSensitive: true,
  hardLinks: true,
  symlinks: true,
  tick: 4,
  ...more,
});

/** Seeds that failed once, made smaller, by what went wrong. */
const FOUND: Readonly<Record<string, Plan>> = {
  '[B03] an empty mount point that a new client took for its directory deletes nothing when the disk is back':
    {
      seed: 1641,
      machines: [machine('anna'), machine('ben')],
      features: ['slow network'],
      length: 10_000,
      items: [
        { at: 0, deed: 'write', on: 0, dice: 1_995_625_274 },
        { at: 2_229, deed: 'unmounted', on: 1, dice: 1_482_509_160 },
      ],
    },
  'a file that moved and does not hold still while the directory it was in goes does not end the client':
    {
      seed: 813,
      machines: [
        machine('anna', { hardLinks: false, tick: 1 }),
        machine('ben'),
        machine('cleo', { tick: 10 }),
      ],
      features: [],
      length: 2_000,
      items: [
        { at: 276, deed: 'answer late', on: 2, dice: 1038334204 },
        { at: 389, deed: 'act at a step', on: 2, dice: 2129152929 },
        { at: 531, deed: 'power loss', on: 2, dice: 1054105947 },
        { at: 589, deed: 'request lost', on: 2, dice: 1262369630 },
        { at: 716, deed: 'act at a step', on: 2, dice: 2112009486 },
        { at: 846, deed: 'power loss', on: 2, dice: 296317403 },
        { at: 871, deed: 'move', on: 2, dice: 716161551 },
        { at: 1186, deed: 'directory to file', on: 2, dice: 1127626892 },
        { at: 1238, deed: 'make directory', on: 2, dice: 151429104 },
        { at: 1412, deed: 'remove', on: 2, dice: 231819397 },
        { at: 1792, deed: 'move', on: 2, dice: 617219610 },
        { at: 1820, deed: 'power loss', on: 2, dice: 181414718 },
      ],
    },
  'a version that loses, and cannot be copied because the disk is full, is not overwritten after a move':
    {
      seed: 5056,
      machines: [machine('anna', { tick: 1 }), machine('ben', { tick: 2000 })],
      features: [],
      length: 2_000,
      items: [
        { at: 0, deed: 'write', on: 0, dice: 1422553692 },
        { at: 0, deed: 'write', on: 0, dice: 275557963 },
        { at: 0, deed: 'write', on: 0, dice: 17453589 },
        { at: 80, deed: 'disk full', on: 0, dice: 980760856 },
        { at: 961, deed: 'write', on: 1, dice: 1463699931 },
        { at: 986, deed: 'write', on: 0, dice: 1319914105 },
        { at: 1395, deed: 'move', on: 1, dice: 2066276148 },
      ],
    },
  'a version that is to be copied, and was lifted out of the way just before, does not end the client':
    {
      seed: 51,
      machines: [machine('anna', { hardLinks: false, tick: 1 }), machine('ben', { tick: 10 })],
      features: ['power losses'],
      length: 2_000,
      items: [
        { at: 0, deed: 'write', on: 0, dice: 589_568_543 },
        { at: 226, deed: 'write slowly', on: 1, dice: 1_235_439_596 },
        { at: 660, deed: 'answer late', on: 0, dice: 1_480_778_721 },
        { at: 1_135, deed: 'power loss', on: 0, dice: 1_434_349_386 },
        { at: 1_605, deed: 'swap', on: 1, dice: 1_596_351_132 },
        { at: 1_828, deed: 'remove', on: 0, dice: 691_969_033 },
      ],
    },
};

it.each(Object.entries(FOUND))('%s', async (_, plan) => {
  const { faults } = await runTwice(plan);
  expect(faults).toEqual([]);
});
