import { beforeEach, describe, expect, it } from 'vitest';
import { type Client, pair, type Rig } from '../../test/engine/rig.ts';
import { nodeAt as at } from '../core/tree.ts';
import { deny } from './disk/memory/faults.ts';
import type { Path } from './ports.ts';
import { scan } from './scan.ts';
import type { Where } from './session.ts';

let rig: Rig;
let anna: Client;
beforeEach(async () => {
  ({ rig, anna } = pair());
  for (const path of ['d/f', 'd/g', 'e/h']) anna.user.write(path, path);
  await rig.settle();
});

const nodeAt = (path: Path): string | undefined => at(anna.session.state.local, path);

/** Time passes only while somebody sleeps; on no whole second, which is taken for the time of a coarse disk. */
function standStill(): void {
  rig.clock.step = 0;
  rig.clock.pass(1_333 - (rig.clock.now() % 1000));
}

/** Steps that a scan takes on the disk, without those of other sorts. */
async function stepsOf(wanted: string, where: Where = 'everything'): Promise<string[]> {
  const steps: string[] = [];
  anna.meanwhile = (step) => {
    if (step.startsWith(wanted)) steps.push(step);
    return undefined;
  };
  await scan(anna.session, where);
  anna.meanwhile = () => undefined;
  return steps;
}

describe('what is read', () => {
  it('nothing that is as it was', async () => {
    expect(await stepsOf('read')).toEqual([]);
  });

  it('only what changed, and what is new', async () => {
    anna.user.write('d/f', 'changed');
    anna.user.write('d/new', 'N');
    const read = await stepsOf('read');
    expect([...new Set(read)].sort()).toEqual(['read d/f', 'read d/new']);
  });

  it('nothing that only moved', async () => {
    const node = nodeAt(['d', 'f']);
    anna.user.rename('d', 'moved');
    expect(await stepsOf('read')).toEqual([]);
    expect(nodeAt(['moved', 'f'])).toBe(node);
  });

  it('a large file that was written to just now is read once, a moment later', async () => {
    standStill();
    anna.user.write('large', 'x'.repeat(2_000_000));
    // Once when it is opened, and once for each piece.
    expect(await stepsOf('read')).toHaveLength(1 + 2);
    expect(await stepsOf('read')).toEqual([]);
  });

  it('a large file that was placed just now is not read, once its look tells that nobody else wrote to it', async () => {
    const ben = rig.client('ben');
    ben.user.write('large', 'x'.repeat(2_000_000));
    ben.user.setTime('large', Date.UTC(2025, 0, 1) + 7);
    await ben.round();
    standStill();
    await anna.round();
    expect(await stepsOf('read')).toEqual([]);
  });

  it('[C10] what was read too soon after a write is to be looked at again', async () => {
    const coarse = pair({ systems: { anna: { features: { tick: 2_000_000_000n } } } });
    await coarse.rig.settle();
    coarse.anna.user.write('d/f', 'F');
    await scan(coarse.anna.session, 'everything');
    expect(coarse.anna.session.lookAgain.take()).toEqual([['d']]);
  });
});

describe('what is gone', () => {
  it('[S4] is looked for once more, where it was and where else something happened', async () => {
    anna.user.remove('d/f');
    const { session } = anna;
    let asked = 0;
    Object.assign(session, {
      alsoDirty: (where: Where): Where => {
        asked += 1;
        return where === 'everything' ? where : [...where, ['e']];
      },
    });
    const lists = await stepsOf('list', [['d']]);
    expect(lists).toEqual(['list d', 'list d', 'list e']);
    expect(asked).toBe(1);
    expect(nodeAt(['d', 'f'])).toBe(undefined);
  });

  it('[S4] and is found elsewhere at the second look, was moved', async () => {
    const node = nodeAt(['d', 'f']);
    const { session } = anna;
    Object.assign(session, {
      alsoDirty: (where: Where): Where => (where === 'everything' ? where : [...where, ['e']]),
    });
    anna.user.rename('d/f', 'e/f');
    await scan(session, [['d']]);
    expect(nodeAt(['e', 'f'])).toBe(node);
  });

  it('is believed at last, though something new goes at every look', async () => {
    for (let index = 0; index < 20; index += 1) anna.user.write(`d/${index}`, `${index}`);
    await scan(anna.session, 'everything');
    let looks = 0;
    anna.meanwhile = (step) => {
      if (step !== 'list d') return;
      anna.user.remove(`d/${looks}`);
      looks += 1;
    };
    await scan(anna.session, [['d']]);
    expect(looks).toBe(4);
    expect(nodeAt(['d', '3'])).toBe(undefined);
  });

  it('takes with it what was in it', async () => {
    const node = nodeAt(['d', 'f']) ?? '';
    anna.user.remove('d');
    await scan(anna.session, 'everything');
    expect([...anna.session.state.local.children('root')]).toHaveLength(1);
    expect(anna.session.state.local.get(node)).toBe(undefined);
  });
});

describe('[N2] a directory of which another took the place', () => {
  it('is looked into, however deep: what was in it moved with it, and is not gone', async () => {
    anna.user.write('x/y/z/f', 'F');
    anna.user.write('x/y/g', 'G');
    await rig.settle();
    const [f, g] = [nodeAt(['x', 'y', 'z', 'f']), nodeAt(['x', 'y', 'g'])];
    anna.user.rename('x', 'moved');
    anna.user.write('x/y/z/new', 'N');
    await scan(anna.session, 'everything');
    expect([nodeAt(['moved', 'y', 'z', 'f']), nodeAt(['moved', 'y', 'g'])]).toEqual([f, g]);
    expect(nodeAt(['x', 'y', 'z', 'new'])).toBeDefined();
    expect([nodeAt(['x', 'y', 'z', 'f']), nodeAt(['x', 'y', 'g'])]).toEqual([undefined, undefined]);
  });

  it('is looked into once, where it cannot be', async () => {
    anna.user.write('x/y/f', 'F');
    await rig.settle();
    anna.user.rename('x', 'moved');
    anna.user.write('x/y/new', 'N');
    anna.fault = deny(['moved', 'y']);
    await scan(anna.session, 'everything');
    expect(nodeAt(['x', 'y', 'new'])).toBeDefined();
    anna.fault = () => undefined;
    await rig.settle();
    expect(rig.serverFiles()).toEqual(new Map(Object.entries(anna.files())));
    expect(anna.files()).toMatchObject({ 'moved/y/f': 'F', 'x/y/new': 'N' });
  });
});

describe('what cannot be told', () => {
  it('[B12] stays as it was, is unknown until it can be read, and is told of', async () => {
    const node = nodeAt(['d', 'f']) ?? '';
    anna.user.write('d/f', 'changed');
    anna.fault = (step, path) => (step === 'read' && path[1] === 'f' ? 'unreadable' : undefined);
    await scan(anna.session, 'everything');
    expect([...anna.session.unknown]).toEqual([node]);
    expect(anna.session.problems.all()).toMatchObject([{ path: 'd/f', code: 'unreadable' }]);
    anna.fault = () => undefined;
    await scan(anna.session, 'everything');
    expect([...anna.session.unknown]).toEqual([]);
    expect(anna.session.problems.all()).toEqual([]);
    expect(anna.session.state.local.get(node)).toMatchObject({ size: 7 });
  });

  it('[B11] a directory stays, with all that is in it', async () => {
    anna.fault = deny(['d']);
    await scan(anna.session, 'everything');
    expect(nodeAt(['d', 'f'])).toBeDefined();
    expect(anna.session.problems.all()).toMatchObject([{ path: 'd', code: 'denied' }]);
  });

  it('what becomes a pipe is unknown', async () => {
    const node = nodeAt(['d', 'f']) ?? '';
    anna.user.remove('d/f');
    anna.user.makePipe('d/f');
    await scan(anna.session, 'everything');
    expect([...anna.session.unknown]).toEqual([node]);
    expect(nodeAt(['d', 'f'])).toBe(node);
  });

  it('[C01] a file that does not hold still is left for later, whatever becomes of the round', async () => {
    anna.meanwhile = (step) => {
      if (step === 'read d/f') anna.user.append('d/f', '.');
      return undefined;
    };
    anna.user.write('d/f', 'growing');
    const { unsettled } = await scan(anna.session, 'everything');
    expect(unsettled).toEqual([['d']]);
    expect(anna.session.lookAgain.take()).toEqual([['d']]);
    expect(anna.session.state.local.get(nodeAt(['d', 'f']) ?? '')).toMatchObject({ size: 3 });
  });
});

describe('what becomes ignored', () => {
  it('[S1] [A34] is forgotten, with what is below it, and not taken for deleted', async () => {
    const node = nodeAt(['d', 'f']) ?? '';
    anna.restart(['d']);
    await scan(anna.session, 'everything');
    const { local, synced, remote } = anna.session.state;
    expect([local.get(node), synced.get(node)]).toEqual([undefined, undefined]);
    expect(remote.get(node)).toBeDefined();
    expect(nodeAt(['e', 'h'])).toBeDefined();
  });
});

it('a first look is recorded in groups, so that it need not begin again', async () => {
  for (let index = 0; index < 700; index += 1) anna.user.write(`many/${index}`, `${index}`);
  let reads = 0;
  anna.meanwhile = (step) => {
    if (!step.startsWith('read many')) return;
    reads += 1;
    if (reads > 1300) throw new Error('killed');
  };
  await expect(scan(anna.session, 'everything')).rejects.toThrow('killed');
  expect(nodeAt(['many', '0'])).toBeDefined();
  expect(nodeAt(['many', '699'])).toBe(undefined);
});

it('what moved and cannot be read yet keeps the directory that it was in until it can', async () => {
  const node = nodeAt(['e', 'h']);
  anna.user.rename('e/h', 'd/h');
  anna.user.remove('e');
  let reads = 0;
  anna.meanwhile = (step) => {
    if (step !== 'read d/h') return undefined;
    reads += 1;
    anna.user.write('d/h', `h ${reads}`);
    return undefined;
  };
  anna.user.write('d/h', 'h');
  await scan(anna.session, 'everything');
  expect(nodeAt(['e', 'h'])).toBe(node);
  anna.meanwhile = () => undefined;
  await scan(anna.session, 'everything');
  expect(nodeAt(['d', 'h'])).toBe(node);
  expect(nodeAt(['e'])).toBeUndefined();
});

describe('where more is new than there is room for', () => {
  beforeEach(() => {
    Object.assign(anna.session.settings, { much: { nodes: 2, bytes: 1e9 } });
  });

  const unseen = (): string[] =>
    Object.keys(anna.files()).filter((path) => nodeAt(path.split('/')) === undefined);

  it('all of it is recorded, part by part', async () => {
    for (let index = 0; index < 40; index += 1) anna.user.write(`new-${index}/deep/f`, `${index}`);
    const lists = await stepsOf('list new');
    expect(unseen()).toEqual([]);
    expect(lists.length, 'each new directory is listed once').toBe(80);
  });

  it('[S4] what moved to where there was no room has not vanished', async () => {
    anna.user.write('f', 'F');
    await scan(anna.session, 'everything');
    const nodes = [nodeAt(['f']), nodeAt(['d', 'f'])];
    for (let index = 0; index < 40; index += 1) anna.user.write(`a-${index}/f`, `${index}`);
    anna.user.rename('f', 'a-38/moved');
    anna.user.rename('d/f', 'a-39/moved');
    await scan(anna.session, 'everything');
    expect(['a-38', 'a-39'].map((name) => nodeAt([name, 'moved']))).toEqual(nodes);
    expect(unseen()).toEqual([]);
  });

  it('it ends, though all that there is room for is only read again', async () => {
    standStill();
    for (let index = 0; index < 20; index += 1) anna.user.write(`${index}`, `${index}`);
    for (let index = 0; index < 20; index += 1) anna.user.write(`new-${index}/f`, `${index}`);
    await scan(anna.session, 'everything');
    await scan(anna.session, 'everything');
    expect(unseen()).toEqual([]);
  });

  it('much that was edited is read part by part', async () => {
    for (let index = 0; index < 40; index += 1) anna.user.write(`n-${index}/f`, `${index}`);
    await scan(anna.session, 'everything');
    for (let index = 0; index < 40; index += 1) anna.user.write(`n-${index}/f`, `again ${index}`);
    const read = await stepsOf('read');
    expect(new Set(read).size).toBe(40);
    expect(await stepsOf('read')).toEqual([]);
  });
});
