import { beforeEach, describe, expect, it } from 'vitest';
import { type Client, pair, type Rig } from '../../../test/engine/rig.ts';
import { nodeAt } from '../../core/tree.ts';
import { decide } from '../decide.ts';
import { DiskError, type DiskProblem } from '../ports.ts';
import { pull } from '../pull.ts';
import { scan } from '../scan.ts';
import { Stale } from '../session.ts';
import { unite } from '../unite.ts';
import { Carrier } from './carrier.ts';

let rig: Rig;
let anna: Client;
let ben: Client;
beforeEach(async () => {
  ({ rig, anna, ben } = pair());
  for (const name of ['d/f', 'g', 'h']) anna.user.write(name, name);
  anna.user.symlink('link', 'g');
  await rig.settle();
});

const nodeOf = (...path: readonly string[]): string =>
  nodeAt(ben.session.state.local, path) ?? 'no node';

/** A carrier of what is to be done at Ben's now. */
async function carrier(): Promise<Carrier> {
  const { session } = ben;
  session.behind = true;
  await scan(session, 'everything');
  await pull(session);
  unite(session);
  return new Carrier(session, decide(session));
}

describe('what is expected', () => {
  it('is there, by its look alone', async () => {
    const carrying = await carrier();
    let reads = 0;
    ben.meanwhile = (step) => {
      if (step.startsWith('read')) reads += 1;
    };
    for (const path of [['d'], ['d', 'f'], ['link']])
      expect(await carrying.expect(nodeOf(...path))).toEqual(await ben.disk.look(path));
    expect(reads).toBe(0);
  });

  it('[C02] is not there when it was written to, replaced or removed', async () => {
    const carrying = await carrier();
    const nodes = ['g', 'h', 'link', 'd'].map((name) => nodeOf(name));
    ben.user.write('g', 'edited');
    ben.user.remove('h');
    ben.user.remove('link');
    ben.user.symlink('link', 'h');
    ben.user.remove('d');
    ben.user.makeDirectory('d');
    for (const node of nodes) await expect(carrying.expect(node)).rejects.toThrow(Stale);
  });

  it('[C10] is settled by reading where the look says nothing', async () => {
    const carrying = await carrier();
    const node = nodeOf('g');
    const entry = ben.session.state.local.get(node);
    const { inode = '' } = ben.session.state.seen(node) ?? {};
    ben.session.state.record([{ type: 'local', node, entry, seen: { inode, fingerprint: '' } }]);
    expect(await carrying.expect(node)).toMatchObject({ kind: 'file', size: 1 });
    ben.user.write('g', 'G');
    await expect(carrying.expect(node)).rejects.toThrow(Stale);
  });
});

const failing = (problem: DiskProblem) => async (): Promise<void> => {
  throw new DiskError(problem, ['d', 'f']);
};

describe('a step', () => {
  it('that is done has no problem any more', async () => {
    const carrying = await carrier();
    ben.session.problems.set('n', { path: 'x', code: 'busy', message: '' }, 0);
    expect(await carrying.attempt('n', async () => {})).toBe(true);
    expect(ben.session.problems.all()).toEqual([]);
  });

  it.each(['denied', 'full', 'busy', 'unreadable', 'unsupported', 'too-long', 'outside'] as const)(
    '[S11] that is %s is a problem of its node, and held for half a minute',
    async (problem) => {
      const carrying = await carrier();
      const node = nodeOf('d', 'f');
      expect(await carrying.attempt(node, failing(problem))).toBe(false);
      expect([...carrying.held]).toEqual([node]);
      expect(ben.session.problems.all()).toMatchObject([{ path: 'd/f', code: problem, node }]);
      const now = rig.clock.now();
      expect(ben.session.problems.isHeld(node, now + 29_000)).toBe(true);
      expect(ben.session.problems.isHeld(node, now + 31_000)).toBe(false);
    },
  );

  it.each(['absent', 'exists', 'changed', 'not-empty'] as const)(
    'that is %s waits for another look at its directory, and is no problem',
    async (problem) => {
      const carrying = await carrier();
      expect(await carrying.attempt('n', failing(problem))).toBe(false);
      expect([...carrying.held]).toEqual(['n']);
      expect(carrying.dirty).toEqual([['d']]);
      expect(ben.session.problems.all()).toEqual([]);
    },
  );

  it('into the place of something that cannot be synchronized is a problem', async () => {
    const carrying = await carrier();
    ben.session.problems.addFound({ path: 'd/f', code: 'unsupported', message: '' });
    expect(await carrying.attempt('n', failing('exists'))).toBe(false);
    expect(ben.session.problems.all()).toMatchObject([{}, { code: 'exists', node: 'n' }]);
  });

  it('in which the program itself is wrong ends the round', async () => {
    const carrying = await carrier();
    const wrong = async (): Promise<void> => {
      throw new TypeError('a mistake');
    };
    await expect(carrying.attempt('n', wrong)).rejects.toThrow('a mistake');
  });

  it('[S8] of a copy that cannot be made holds the original', async () => {
    anna.user.write('g', 'from anna');
    rig.clock.pass(5000);
    ben.user.write('g', 'from ben');
    await anna.round();
    const carrying = await carrier();
    const [copy] = carrying.decision.copies;
    if (copy === undefined) throw new Error('There is a conflict.');
    await carrying.attempt(copy.copy, failing('full'));
    expect([...carrying.held].sort()).toEqual([copy.copy, copy.of].sort());
  });
});

describe('what was done', () => {
  it('[C2] [D02] is durable first, then recorded: what the disk holds, and what both agree on', async () => {
    anna.user.rename('g', 'moved');
    await anna.round();
    const carrying = await carrier();
    const node = nodeOf('g');
    const look = await ben.disk.move(['g'], ['moved'], await carrying.expect(node));
    const target = carrying.decision.target.get(node);
    carrying.did(node, target, look);
    const seen: string[] = [];
    ben.meanwhile = (step) => {
      seen.push(`${step} ${ben.session.state.local.get(node)?.name}`);
      return undefined;
    };
    await carrying.record();
    expect(seen).toEqual(['sync  g']);
    expect(ben.session.state.local.get(node)?.name).toBe('moved');
    expect(ben.session.state.synced.get(node)?.name).toBe('moved');
    expect(ben.happenings.at(-1)).toMatchObject({ operation: 'move', path: 'moved', oldPath: 'g' });
    await carrying.record();
    expect(seen).toHaveLength(1);
  });

  it('[D02] is durable also where a step failed and nothing is to be recorded: it may have been done', async () => {
    anna.user.rename('g', 'moved');
    await anna.round();
    const carrying = await carrier();
    const steps: string[] = [];
    ben.meanwhile = (step) => {
      steps.push(step);
      return undefined;
    };
    await carrying.attempt(nodeOf('g'), failing('unreadable'));
    await carrying.record();
    expect(steps).toEqual(['sync ']);
    await carrying.record();
    expect(steps).toHaveLength(1);
  });

  it('is agreed on only where the disk is what was decided', async () => {
    anna.user.write('g', 'edited');
    anna.user.remove('h');
    await anna.round();
    const [g, h] = [nodeOf('g'), nodeOf('h')];
    const carrying = await carrier();
    const before = ben.session.state.synced.get(g);
    carrying.agree();
    expect(ben.session.state.synced.get(g)).toEqual(before);
    expect(ben.session.state.synced.get(h)).toBeDefined();
    carrying.did(h, undefined);
    carrying.agree();
    expect(ben.session.state.synced.get(h)).toBe(undefined);
  });
});
