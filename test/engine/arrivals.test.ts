import { beforeEach, describe, expect, it } from 'vitest';
import { arrivalsIn } from '../../src/client/arrivals.ts';
import { pull } from '../../src/client/pull.ts';
import type { Progress } from '../../src/client/session.ts';
import { type Client, pair, type Rig } from './rig.ts';

// Very much that is on the server alone is taken on part by part.

let rig: Rig;
let anna: Client;
let ben: Client;
beforeEach(() => {
  ({ rig, anna, ben } = pair({ ignore: ['*.tmp'] }));
  Object.assign(ben.session.settings, { much: { nodes: 2, bytes: 1e9 } });
});

/** So many directories with a file in each. */
function writeMany(count: number): void {
  for (let at = 0; at < count; at += 1) anna.user.write(`d-${at}/f`, `${at}`);
}

describe('a part', () => {
  const partOf = async (): Promise<number | undefined> => {
    await pull(ben.session);
    return arrivalsIn(ben.session)?.nodes.length;
  };

  it('is some of what is new there, with the directories that it is in', async () => {
    writeMany(20);
    await anna.round();
    await pull(ben.session);
    const { nodes, later } = arrivalsIn(ben.session) ?? { nodes: [], later: 0 };
    expect(nodes.length).toBeGreaterThanOrEqual(8);
    expect(nodes.length + later).toBe(40);
    const { remote } = ben.session.state;
    const parents = nodes.map((node) => remote.get(node)?.parent ?? 'root');
    expect(parents.filter((node) => node !== 'root' && !nodes.includes(node))).toEqual([]);
  });

  it('is none of what there is room for', async () => {
    writeMany(4);
    await anna.round();
    expect(await partOf()).toBeUndefined();
  });

  it('is none while anything changed here', async () => {
    writeMany(20);
    await anna.round();
    ben.user.write('mine', 'M');
    const { state } = ben.session;
    const entry = { kind: 'directory', parent: 'root', name: 'mine' } as const;
    state.record([{ type: 'local', node: 'n', entry }]);
    expect(await partOf()).toBeUndefined();
  });

  const namesOf = (nodes: readonly string[] = []): (string | undefined)[] =>
    nodes.map((node) => ben.session.state.remote.get(node)?.name).sort();

  it('has nothing whose place something else still has here', async () => {
    anna.user.write('old', 'O');
    await rig.settle();
    anna.user.rename('old', 'moved');
    await anna.round();
    anna.user.write('old', 'new');
    for (let at = 0; at < 20; at += 1) anna.user.write(`f-${at}`, `${at}`);
    await anna.round();
    await pull(ben.session);
    for (const factor of [1, 2]) {
      ben.session.arriving.factor = factor;
      const names = namesOf(arrivalsIn(ben.session)?.nodes);
      expect(names).not.toContain('old');
      expect(names).not.toContain('moved');
    }
    await rig.settle();
    expect(ben.files()).toEqual(anna.files());
  });

  it('has nothing in a directory that the server has elsewhere by now', async () => {
    anna.user.write('d/old', 'O');
    await rig.settle();
    anna.user.rename('d', 'e');
    anna.user.write('e/new', 'N');
    await anna.round();
    for (let at = 0; at < 20; at += 1) anna.user.write(`f-${at}`, `${at}`);
    await anna.round();
    await pull(ben.session);
    ben.session.arriving.factor = 2;
    const names = namesOf(arrivalsIn(ben.session)?.nodes);
    expect(names.length).toBeGreaterThan(10);
    expect(names).not.toContain('new');
    await rig.settle();
    expect(ben.files()).toEqual(anna.files());
  });

  it('is none while something waits for a person’s word', async () => {
    writeMany(20);
    await anna.round();
    await pull(ben.session);
    const { breaker } = ben.session;
    expect(arrivalsIn(ben.session)).toBeDefined();
    breaker.word = { verbs: {}, heeded: () => {} };
    expect(arrivalsIn(ben.session)).toBeUndefined();
  });
});

it('every part is there after its round, and all of it in the end', async () => {
  writeMany(20);
  await anna.round();
  const counts: number[] = [];
  for (let round = 0; round < 9; round += 1) {
    const isAtRest = await ben.round();
    counts.push(Object.keys(ben.files()).length);
    if (isAtRest) break;
  }
  expect(counts[0]).toBeLessThan(20);
  expect(counts).toEqual([...counts].sort((a, b) => a - b));
  await rig.settle();
  expect(ben.files()).toEqual(anna.files());
});

it('what cannot be here stays in nobody’s way', async () => {
  ({ rig, anna, ben } = pair({ systems: { ben: { kind: 'windows' } } }));
  Object.assign(ben.session.settings, { much: { nodes: 2, bytes: 1e9 } });
  for (let at = 0; at < 20; at += 1) anna.user.write(`a:${at}`, `${at}`);
  for (let at = 0; at < 20; at += 1) anna.user.write(`b-${at}`, `${at}`);
  await anna.round();
  await rig.settle();
  expect(Object.keys(ben.files())).toHaveLength(20);
});

it('what is told of it counts all of it', async () => {
  const told: Progress[] = [];
  Object.assign(ben.session.listener, { progressed: (one: Progress) => void told.push(one) });
  for (let at = 0; at < 30; at += 1) anna.user.write(`f-${at}`, `${at}`);
  await anna.round();
  await rig.settle();
  const files = told.map((one) => one.files);
  expect(files).toEqual(Array.from({ length: 30 }, (_, at) => at + 1));
  expect(new Set(told.map(({ filesTotal }) => filesTotal))).toEqual(new Set([30]));
});

it('an edit made here meanwhile goes out with the next round', async () => {
  writeMany(20);
  await anna.round();
  await ben.round();
  ben.user.write('mine', 'M');
  await ben.round();
  expect(rig.serverFiles().get('mine')).toBe('M');
  await rig.settle();
  expect(ben.files()).toEqual(anna.files());
});
