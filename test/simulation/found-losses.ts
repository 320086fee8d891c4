import { machine } from './found-machine.ts';
import type { Plan } from './plan.ts';

/** Seeds at whose end something was lost once, made smaller, by what went wrong. */
export const LOSSES: Readonly<Record<string, Plan>> = {
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
  'a file that was lifted while what has its name cannot go, and whose directory is gone by then, is found again':
    {
      seed: 25287,
      machines: [
        machine('anna', { tick: 2000 }),
        machine('ben', { system: 'windows', caseSensitive: false, symlinks: false }),
        machine('cleo', { system: 'windows', caseSensitive: false, symlinks: false }),
      ],
      features: ['slow disks', 'echoes'],
      length: 10000,
      items: [
        { at: 0, deed: 'write', on: 0, dice: 126419082 },
        { at: 0, deed: 'write', on: 0, dice: 1607317554 },
        { at: 220, deed: 'move', on: 0, dice: 444223665 },
        { at: 588, deed: 'clock jumps', on: 1, dice: 1795759453 },
        { at: 2335, deed: 'remove', on: 0, dice: 1692748249 },
        { at: 2441, deed: 'move', on: 2, dice: 2143204456 },
        { at: 4018, deed: 'state lost', on: 0, dice: 935219369 },
        { at: 5284, deed: 'move', on: 1, dice: 1399204912 },
        { at: 5581, deed: 'move', on: 1, dice: 1576739991 },
        { at: 6861, deed: 'copy', on: 1, dice: 351132156 },
        { at: 6950, deed: 'step fails', on: 0, dice: 1284033512 },
        { at: 7632, deed: 'kill client at a step', on: 0, dice: 1731642853 },
        { at: 7699, deed: 'kill client at a step', on: 0, dice: 348406271 },
        { at: 7757, deed: 'swap', on: 1, dice: 1326232910 },
        { at: 9031, deed: 'remove', on: 1, dice: 1786504238 },
        { at: 9403, deed: 'step fails', on: 0, dice: 1706313232 },
      ],
    },
  '[D02] what a killed program had placed is not taken back by the power after the next one agreed on it':
    {
      seed: 93157,
      machines: [machine('anna'), machine('ben', { tick: 10 }), machine('cleo', { tick: 1 })],
      features: [],
      length: 10000,
      items: [
        { at: 5533, deed: 'write slowly', on: 0, dice: 397056452 },
        { at: 6112, deed: 'write', on: 2, dice: 1904453592 },
        { at: 6128, deed: 'kill client at a step', on: 0, dice: 1523397716 },
        { at: 6130, deed: 'edit line', on: 2, dice: 328680721 },
        { at: 6750, deed: 'power loss', on: 0, dice: 222688541 },
      ],
    },
  '[S16] who undoes an overwrite that is a merge gives up what was put into it': {
    seed: 98687,
    machines: [
      machine('anna', { tick: 1 }),
      machine('ben', { system: 'windows', caseSensitive: false, symlinks: false, tick: 1 }),
    ],
    features: ['lines', 'masses'],
    length: 60000,
    items: [
      { at: 0, deed: 'write', on: 0, dice: 1090812754 },
      { at: 0, deed: 'write', on: 0, dice: 1203160163 },
      { at: 34597, deed: 'request lost', on: 0, dice: 688344659 },
      { at: 35681, deed: 'mass', on: 0, dice: 1448968305 },
      { at: 59148, deed: 'kill client', on: 1, dice: 1258300620 },
      { at: 59515, deed: 'mass', on: 1, dice: 1280801697 },
    ],
  },
  '[C12] an edit in a tick that the clock goes through again is seen': {
    seed: 104189,
    machines: [machine('anna', { tick: 2000 }), machine('ben', { tick: 1 })],
    features: [],
    length: 10000,
    items: [
      { at: 5061, deed: 'write', on: 0, dice: 1997905858 },
      { at: 6212, deed: 'clock jumps', on: 0, dice: 1544617695 },
      { at: 6898, deed: 'answer late', on: 0, dice: 1331635082 },
      { at: 7042, deed: 'machine copied', on: 0, dice: 595022095 },
      { at: 7763, deed: 'edit line', on: 0, dice: 1650687589 },
    ],
  },
  '[C10] what is written in the tick of the write before, right before it is replaced, is in the trash':
    {
      seed: 55688,
      machines: [
        machine('anna', { tick: 2000 }),
        machine('ben', { system: 'macos', caseSensitive: false, tick: 2000 }),
      ],
      features: ['lines', 'twins'],
      length: 1200000,
      items: [
        { at: 0, deed: 'write', on: 0, dice: 460134102 },
        { at: 0, deed: 'write', on: 0, dice: 1922319539 },
        { at: 0, deed: 'write', on: 0, dice: 1640466400 },
        { at: 58968, deed: 'act at a step', on: 1, dice: 422648372 },
        { at: 79873, deed: 'act at a step', on: 0, dice: 1202613392 },
        { at: 154225, deed: 'write', on: 0, dice: 198752088 },
        { at: 251026, deed: 'step fails', on: 0, dice: 395275322 },
        { at: 257768, deed: 'edit line', on: 0, dice: 1906111896 },
        { at: 265971, deed: 'step fails', on: 1, dice: 665008890 },
        { at: 357635, deed: 'write', on: 0, dice: 2082675053 },
        { at: 406941, deed: 'act at a step', on: 1, dice: 888482290 },
        { at: 425037, deed: 'act at a step', on: 1, dice: 462913759 },
        { at: 461091, deed: 'link', on: 0, dice: 952280290 },
        { at: 482362, deed: 'edit line', on: 0, dice: 116009028 },
      ],
    },
  '[D12] what rotted is brought back by a client whose directory was away when it was asked': {
    seed: 66768,
    machines: [machine('anna'), machine('ben', { hardLinks: false, tick: 1 }), machine('cleo')],
    features: ['slow network', 'echoes'],
    length: 10000,
    items: [
      { at: 0, deed: 'write', on: 0, dice: 640140408 },
      { at: 0, deed: 'write', on: 0, dice: 1363180545 },
      { at: 0, deed: 'write', on: 0, dice: 494011611 },
      { at: 4223, deed: 'act at a step', on: 1, dice: 1195108977 },
      { at: 5774, deed: 'rot', on: 0, dice: 737815196 },
      { at: 6919, deed: 'write large', on: 2, dice: 827090122 },
      { at: 7455, deed: 'unmounted', on: 0, dice: 916600446 },
    ],
  },
  '[C09] an edit with size and time put back is not overwritten where the look was racy': {
    seed: 80055,
    machines: [
      machine('anna', { tick: 2000 }),
      machine('ben', { tick: 1 }),
      machine('cleo', { tick: 10 }),
    ],
    features: ['slow disks'],
    length: 2000,
    items: [
      { at: 0, deed: 'write', on: 0, dice: 557259785 },
      { at: 0, deed: 'write', on: 0, dice: 657753264 },
      { at: 0, deed: 'write', on: 0, dice: 1866702011 },
      { at: 122, deed: 'edit line', on: 0, dice: 1195191672 },
      { at: 424, deed: 'write alike', on: 2, dice: 329907674 },
    ],
  },
  '[D02] what moved while it was looked at, and read as deleted, is not lost when the power takes what was recorded of that':
    {
      seed: 334744,
      machines: [machine('anna'), machine('ben')],
      features: ['twins', 'long names', 'slow disks', 'power losses'],
      length: 10000,
      items: [
        { at: 0, deed: 'write', on: 0, dice: 2029291819 },
        { at: 0, deed: 'write', on: 0, dice: 746726888 },
        { at: 0, deed: 'write', on: 0, dice: 1611247373 },
        { at: 0, deed: 'write', on: 0, dice: 841510 },
        { at: 0, deed: 'write', on: 0, dice: 106061553 },
        { at: 12, deed: 'remove', on: 0, dice: 848588894 },
        { at: 903, deed: 'move', on: 0, dice: 1949321777 },
        { at: 1019, deed: 'answer lost', on: 0, dice: 1463855585 },
        { at: 1345, deed: 'move', on: 0, dice: 1937126531 },
        { at: 2214, deed: 'power loss', on: 0, dice: 913228556 },
      ],
    },
  '[D02] what a step that failed had placed all the same is not taken back by the power after it was agreed on':
    {
      seed: 339880,
      machines: [machine('anna'), machine('ben')],
      features: [],
      length: 1200000,
      items: [
        { at: 0, deed: 'write', on: 0, dice: 218682058 },
        { at: 404833, deed: 'step fails', on: 0, dice: 1574327780 },
        { at: 422590, deed: 'write alike', on: 1, dice: 1203583690 },
        { at: 478880, deed: 'power loss', on: 0, dice: 1223406185 },
      ],
    },
  '[N2] what is in a directory that moved, and whose place a new one took while its client was off, is not taken for gone':
    {
      seed: 71447,
      machines: [machine('anna', { tick: 2000 }), machine('ben', { tick: 10 })],
      features: ['twins'],
      length: 60000,
      items: [
        { at: 0, deed: 'write', on: 0, dice: 1905517742 },
        { at: 0, deed: 'write', on: 0, dice: 1001790907 },
        { at: 0, deed: 'write', on: 0, dice: 2066548605 },
        { at: 0, deed: 'write', on: 0, dice: 1203613025 },
        { at: 5580, deed: 'act at a step', on: 0, dice: 1705064731 },
        { at: 8912, deed: 'rename case', on: 1, dice: 1639757550 },
        { at: 19172, deed: 'machine copied', on: 1, dice: 1955698881 },
        { at: 29631, deed: 'rename case', on: 1, dice: 137044910 },
        { at: 32558, deed: 'write', on: 1, dice: 1296770933 },
      ],
    },
};
