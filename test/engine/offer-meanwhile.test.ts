import { beforeEach, expect, it } from 'vitest';
import { ROOT } from '../../src/core/entry.ts';
import { below } from '../../src/core/tree.ts';
import type { Refusal } from '../../src/protocol/commit.ts';
import { type Client, pair, type Rig } from './rig.ts';
import { failure } from './wire.ts';

// Much that is new is offered while the rest of it is read.

let rig: Rig;
let anna: Client;
let ben: Client;
beforeEach(() => {
  ({ rig, anna, ben } = pair());
  Object.assign(anna.session.settings, { much: { nodes: 2, bytes: 1e9 } });
});

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];

/** How many files the server has each time that one is read. */
function watch(): number[] {
  const counts: number[] = [];
  anna.meanwhile = (step) => {
    if (step.startsWith('read')) counts.push(rig.serverFiles().size);
    return undefined;
  };
  return counts;
}

it('the server has the first before the last are read', async () => {
  for (const name of NAMES) anna.user.write(name, name);
  const counts = watch();
  await anna.round();
  expect(counts.at(0)).toBe(0);
  expect(counts.at(-1)).toBeGreaterThan(0);
  await rig.settle();
  expect(Object.keys(ben.files())).toEqual(NAMES);
});

it('so much may also be bytes', async () => {
  Object.assign(anna.session.settings, { much: { nodes: 1000, bytes: 10 } });
  for (const name of NAMES) anna.user.write(name, name.repeat(8));
  const counts = watch();
  await anna.round();
  expect(counts.at(-1)).toBeGreaterThan(0);
});

it('a server that is away is no reason not to look at the rest', async () => {
  for (const name of NAMES) anna.user.write(name, name);
  anna.wire.fault = () => failure('unreachable');
  await anna.attempt();
  expect([...anna.session.state.local.children('root')]).toHaveLength(NAMES.length);
  anna.wire.heal();
  await rig.settle();
  expect(ben.files()).toEqual(anna.files());
});

it('what waits to be carried out here goes first', async () => {
  ben.user.write('g', 'of ben');
  await ben.round();
  for (const name of NAMES) anna.user.write(name, name);
  const counts = watch();
  await anna.round();
  expect(new Set(counts)).toEqual(new Set([1]));
  await rig.settle();
  expect(ben.files()).toEqual(anna.files());
});

it.each([
  ['an edit', () => anna.user.write('a', 'edited')],
  ['a move', () => anna.user.rename('a', 'z')],
  ['a deletion', () => anna.user.remove('a')],
])('a look that also finds %s is offered as a whole', async (_, act) => {
  anna.user.write('a', 'a');
  await rig.settle();
  act();
  for (const name of NAMES.slice(1)) anna.user.write(name, name);
  const counts = watch();
  await anna.round();
  expect(new Set(counts)).toEqual(new Set([1]));
  await rig.settle();
  expect(ben.files()).toEqual(anna.files());
});

it('what both made meanwhile under one name is joined, not refused', async () => {
  for (const name of NAMES) ben.user.write(name, name);
  await ben.round();
  for (const name of NAMES) anna.user.write(name, name);
  await rig.settle();
  expect(anna.files()).toEqual(ben.files());
  expect(Object.keys(anna.files())).toEqual(NAMES);
  expect(rig.server.cursor).toBe(NAMES.length);
});

it('a directory that both made meanwhile is joined when all that is in it here is recorded', async () => {
  for (const [who, at] of [
    [ben, 'ben'],
    [anna, 'anna'],
  ] as const) {
    who.user.makeDirectory('d');
    for (const name of NAMES) who.user.write(`d/${name} of ${at}`, name);
  }
  await ben.round();
  await rig.settle();
  expect(anna.files()).toEqual(ben.files());
  expect(Object.keys(anna.files())).toHaveLength(2 * NAMES.length + 1);
});

it('where an offer was refused, the rest is looked at again: ids may be others by now', async () => {
  anna.user.makeDirectory('d');
  for (const name of NAMES) anna.user.write(`d/${name}`, name);
  let offers = 0;
  anna.wire.answers = ({ changes }) => {
    offers += 1;
    const refusals = changes.map(
      ({ node }): Refusal => ({ node, code: 'exists', retry: true, message: 'It is there.' }),
    );
    return offers === 1 ? { type: 'refused', refusals } : undefined;
  };
  await anna.round();
  const { local } = anna.session.state;
  expect([...below(local, ROOT)].length).toBeLessThan(NAMES.length);
  await rig.settle();
  expect(ben.files()).toEqual(anna.files());
  expect(Object.keys(ben.files())).toHaveLength(NAMES.length + 1);
});
