import { machine } from './found-machine.ts';
import type { Plan } from './plan.ts';

/** Seeds that did not come to rest once, or ended a client, made smaller, by what went wrong. */
export const UNREST: Readonly<Record<string, Plan>> = {
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
  '[A23] what moved to where an ignored directory has the name in another case stays where it was':
    {
      seed: 11384,
      machines: [
        machine('anna', { hardLinks: false, tick: 2000 }),
        machine('ben', { system: 'macos', caseSensitive: false, tick: 2000 }),
        machine('cleo', { system: 'windows', caseSensitive: false, symlinks: false, tick: 2000 }),
      ],
      features: ['twins'],
      length: 60000,
      items: [
        { at: 25894, deed: 'write ignored', on: 2, dice: 444681651 },
        { at: 45212, deed: 'write', on: 0, dice: 1748817853 },
        { at: 45973, deed: 'move', on: 0, dice: 1724557372 },
      ],
    },
  '[S3] a directory that could not be removed, and holds ignored things, is nothing new for a second round':
    {
      seed: 10802,
      machines: [machine('anna'), machine('ben')],
      features: ['twins'],
      length: 60000,
      items: [
        { at: 0, deed: 'write', on: 0, dice: 1959488049 },
        { at: 0, deed: 'write', on: 0, dice: 724629633 },
        { at: 14070, deed: 'write ignored', on: 1, dice: 1198367386 },
        { at: 27881, deed: 'write', on: 1, dice: 1575425287 },
        { at: 53549, deed: 'move', on: 1, dice: 835971480 },
        { at: 56641, deed: 'step fails', on: 1, dice: 975322240 },
        { at: 57885, deed: 'remove', on: 0, dice: 427600408 },
      ],
    },
  'a new time of a content that was not seen is nothing for a second round': {
    seed: 25654,
    machines: [
      machine('anna'),
      machine('ben', { system: 'windows', caseSensitive: false, symlinks: false }),
    ],
    features: ['long names'],
    length: 10000,
    items: [
      { at: 2404, deed: 'write', on: 1, dice: 901128151 },
      { at: 4137, deed: 'deaf watcher', on: 1, dice: 203004200 },
      { at: 9238, deed: 'copy', on: 1, dice: 594267457 },
    ],
  },
  'what has the name of a file that cannot leave it, because its new place cannot be held here, waits with it':
    {
      seed: 62546,
      machines: [
        machine('anna', { tick: 1 }),
        machine('ben', { caseSensitive: false, tick: 2000 }),
        machine('cleo', { system: 'windows', caseSensitive: false, symlinks: false }),
      ],
      features: ['twins', 'odd names'],
      length: 1200000,
      items: [
        { at: 0, deed: 'write', on: 0, dice: 806133677 },
        { at: 22135, deed: 'write', on: 0, dice: 1067643105 },
        { at: 62395, deed: 'write ignored', on: 1, dice: 1440768588 },
        { at: 1155887, deed: 'move', on: 2, dice: 359386622 },
      ],
    },
  '[A14] a directory that waits inside a lifted one does not end the client': {
    seed: 79460,
    machines: [machine('anna', { tick: 2000 }), machine('ben'), machine('cleo', { tick: 2000 })],
    features: [],
    length: 60000,
    items: [
      { at: 0, deed: 'write', on: 0, dice: 637669354 },
      { at: 0, deed: 'write', on: 0, dice: 2029433085 },
      { at: 0, deed: 'write', on: 0, dice: 2023901461 },
      { at: 1450, deed: 'save', on: 2, dice: 1565517729 },
      { at: 2002, deed: 'remove', on: 2, dice: 1256259978 },
      { at: 3040, deed: 'partition', on: 1, dice: 1250968024 },
      { at: 4467, deed: 'write', on: 2, dice: 1333184050 },
      { at: 14777, deed: 'act at a step', on: 0, dice: 908029295 },
      { at: 17012, deed: 'write alike', on: 1, dice: 1800437532 },
      { at: 19362, deed: 'write', on: 2, dice: 2092064610 },
      { at: 26289, deed: 'write', on: 0, dice: 2065913329 },
      { at: 31797, deed: 'act at a step', on: 2, dice: 1106876776 },
      { at: 34509, deed: 'act at a step', on: 2, dice: 1668966071 },
      { at: 43345, deed: 'kill client at a record', on: 2, dice: 1717452147 },
      { at: 43408, deed: 'act at a step', on: 2, dice: 231602241 },
      { at: 46177, deed: 'remove', on: 2, dice: 618909003 },
    ],
  },
  '[S11] what takes the name of a directory that cannot go is not lifted for nothing, round after round':
    {
      seed: 113367,
      machines: [
        machine('anna', { hardLinks: false }),
        machine('ben', { hardLinks: false }),
        machine('cleo', { hardLinks: false, tick: 1 }),
      ],
      features: ['echoes'],
      length: 10000,
      items: [
        { at: 0, deed: 'write', on: 0, dice: 1483867864 },
        { at: 0, deed: 'write', on: 0, dice: 1309747059 },
        { at: 0, deed: 'write', on: 0, dice: 1727654917 },
        { at: 223, deed: 'step fails', on: 0, dice: 360512179 },
        { at: 476, deed: 'remove', on: 2, dice: 859360358 },
        { at: 2566, deed: 'write', on: 1, dice: 565276944 },
        { at: 4684, deed: 'swap', on: 1, dice: 616910932 },
      ],
    },
  '[S11] nor is what takes the name of one that a full disk keeps': {
    seed: 119702,
    machines: [
      machine('anna', { tick: 10 }),
      machine('ben', { hardLinks: false, tick: 10 }),
      machine('cleo', { tick: 1 }),
    ],
    features: ['echoes'],
    length: 1200000,
    items: [
      { at: 0, deed: 'write', on: 0, dice: 536654336 },
      { at: 9313, deed: 'move', on: 2, dice: 1733543717 },
      { at: 66383, deed: 'step fails', on: 1, dice: 2075193473 },
      { at: 97526, deed: 'write', on: 2, dice: 593360482 },
      { at: 129126, deed: 'directory to file', on: 0, dice: 577015326 },
      { at: 133573, deed: 'swap', on: 2, dice: 1219580258 },
    ],
  },
  'a file that took the name of a directory with ignored things waits, and is told of': {
    seed: 40142,
    machines: [machine('anna', { hardLinks: false }), machine('ben', { tick: 1 })],
    features: [],
    length: 1200000,
    items: [
      { at: 0, deed: 'write', on: 0, dice: 653492871 },
      { at: 258205, deed: 'ignore', on: 0, dice: 1773805065 },
      { at: 1104788, deed: 'directory to file', on: 0, dice: 941237856 },
    ],
  },
  '[B03] a directory that is unmounted while it is bound for the first time is begun afresh': {
    seed: 79280,
    machines: [
      machine('anna', { tick: 2000 }),
      machine('ben', { system: 'windows', caseSensitive: false, symlinks: false, tick: 2000 }),
    ],
    features: ['slow disks'],
    length: 10000,
    items: [
      { at: 0, deed: 'write', on: 0, dice: 187385731 },
      { at: 94, deed: 'unmounted', on: 1, dice: 1299453775 },
    ],
  },
  '[S20] a copy that is killed as it takes its own id has said so': {
    seed: 102521,
    machines: [machine('anna', { tick: 2000 }), machine('ben'), machine('cleo')],
    features: [],
    length: 1200000,
    items: [
      { at: 738475, deed: 'save', on: 2, dice: 1278366968 },
      { at: 1085849, deed: 'kill client at a record', on: 0, dice: 1393932680 },
      { at: 1099439, deed: 'remove', on: 1, dice: 1996706097 },
      { at: 1176315, deed: 'machine copied', on: 0, dice: 1396706214 },
    ],
  },
  'packs are put back though a put is told to fail': {
    seed: 16238,
    machines: [machine('anna', { tick: 1 }), machine('ben'), machine('cleo', { tick: 2000 })],
    features: [],
    length: 10000,
    items: [
      { at: 0, deed: 'write', on: 0, dice: 1290997667 },
      { at: 4827, deed: 'rot', on: 2, dice: 228592419 },
      { at: 8367, deed: 'store fails', on: 1, dice: 1483187813 },
      { at: 9328, deed: 'copy', on: 0, dice: 1335542410 },
    ],
  },
  '[D01] a directory that a file took the name of, as its client was killed, is gone for the next one':
    {
      seed: 37195,
      machines: [machine('anna'), machine('ben', { tick: 10 })],
      features: [],
      length: 60000,
      items: [
        { at: 15716, deed: 'kill client at a record', on: 0, dice: 1312537513 },
        { at: 21416, deed: 'make directory', on: 0, dice: 177986424 },
        { at: 28518, deed: 'directory to file', on: 0, dice: 404731027 },
      ],
    },
};
