// First of all: what follows takes the functions that this has put in their places.
import './count.ts';
import { closeSync, mkdirSync, openSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Session } from '../../src/client/session.ts';
import { random } from '../random.ts';
import { type Cost, World } from './world.ts';

// Costs that are the same on every machine may not grow unseen. Who makes one grow says why, and changes the number; who
// makes one smaller changes it too.

let world: World;
let anna: Session;
let ben: Session;
beforeEach(async () => {
  world = new World();
  await world.start();
  [anna, ben] = [world.open('anna'), world.open('ben')];
  await settle();
});
afterEach(() => world.end());

async function settle(): Promise<void> {
  for (const one of [anna, ben, anna]) await world.settle(one);
}

const at = (name: string): string => join(world.directoryOf('anna'), name);

function writeMany(count: number): void {
  mkdirSync(at('many'));
  for (let n = 0; n < count; n += 1) writeFileSync(at(`many/${n}`), `the ${n}th`);
}

const next = random(7);
const LARGE = Buffer.from(Uint32Array.from({ length: 2 ** 22 }, () => next() * 2 ** 32).buffer);

function overwrite(name: string, bytes: Buffer, position: number): void {
  const fd = openSync(at(name), 'r+');
  writeSync(fd, bytes, 0, bytes.length, position);
  closeSync(fd);
}

interface Deed {
  /** What is there, and settled, before. */
  readonly given?: () => void;
  readonly act: () => void;
  /** At most: for who did it, the server's part with it, and for who gets it. */
  readonly sends: Cost;
  readonly gets: Cost;
}

type Row = readonly [
  requests: number,
  up: number,
  down: number,
  syncs: number,
  statements: number,
  transactions: number,
];

const cost = (...[requests, up, down, syncs, statements, transactions]: Row): Cost => ({
  ...{ requests, up, down },
  ...{ syncs, statements, transactions },
});

const DEEDS: Readonly<Record<string, Deed>> = {
  nothing: {
    act: () => {},
    sends: cost(1, 0, 166, 0, 35, 6),
    gets: cost(1, 0, 166, 0, 35, 6),
  },
  'nothing, among 1,000 files': {
    given: () => writeMany(1_000),
    act: () => {},
    sends: cost(1, 0, 172, 0, 58, 6),
    gets: cost(1, 0, 172, 0, 58, 6),
  },
  'a new file': {
    act: () => writeFileSync(at('a'), 'a'),
    sends: cost(2, 671, 326, 3, 85, 11),
    gets: cost(2, 79, 499, 3, 53, 9),
  },
  'an edit': {
    given: () => writeFileSync(at('a'), 'a'),
    act: () => writeFileSync(at('a'), 'b'),
    sends: cost(2, 633, 326, 3, 82, 11),
    gets: cost(2, 79, 499, 6, 53, 9),
  },
  '1,000 new files': {
    act: () => writeMany(1_000),
    // Two commits, of which the first is smaller: whoever gets it begins while the rest is sent.
    sends: cost(4, 388_992, 657, 9, 14_196, 19),
    gets: cost(3, 67_024, 381_811, 1_005, 9_103, 13),
  },
  'a directory of 1,000 files renamed': {
    given: () => writeMany(1_000),
    act: () => renameSync(at('many'), at('moved')),
    sends: cost(2, 447, 338, 0, 99, 11),
    gets: cost(1, 0, 350, 1, 66, 8),
  },
  'a new file of 16 MiB': {
    act: () => writeFileSync(at('large'), LARGE),
    sends: cost(6, 16_823_062, 15_734, 9, 356, 21),
    gets: cost(5, 15_461, 16_807_611, 3, 90, 14),
  },
  '4 KiB in the middle of 16 MiB': {
    given: () => writeFileSync(at('large'), LARGE),
    act: () => overwrite('large', Buffer.alloc(4096, 7), 2 ** 23),
    sends: cost(2, 35_684, 326, 6, 102, 16),
    gets: cost(3, 238, 26_889, 6, 57, 11),
  },
  'a byte at the front of 16 MiB': {
    given: () => writeFileSync(at('large'), LARGE),
    act: () => writeFileSync(at('large'), Buffer.concat([Buffer.from('x'), LARGE])),
    sends: cost(4, 72_282, 418, 3, 115, 17),
    gets: cost(3, 238, 72_137, 6, 57, 11),
  },
};

it.each(Object.entries(DEEDS))('%s costs no more than it did', async (_name, deed) => {
  deed.given?.();
  await settle();
  deed.act();
  const costs = {
    sends: await world.costOf(() => world.round(anna)),
    gets: await world.costOf(() => world.round(ben)),
  };
  const most = { sends: deed.sends, gets: deed.gets };
  expect(grown(costs, most), JSON.stringify(costs)).toEqual([]);
});

it('a start that finds nothing new costs no more than it did, among 1,000 files', async () => {
  writeMany(1_000);
  await settle();
  anna.state.close();
  const spent = await world.costOf(async () => {
    anna = world.open('anna');
    await world.round(anna);
  });
  expect(grown({ start: spent }, { start: cost(2, 396, 361, 0, 1_098, 12) })).toEqual([]);
});

/** What may come on top: the server keeps house beside it, now and then, and a number may have a digit more. */
const SLACK: Cost = { requests: 0, up: 40, down: 40, syncs: 2, statements: 40, transactions: 4 };

const KINDS = Object.keys(SLACK) as (keyof Cost)[];

type Costs = Readonly<Record<string, Cost>>;

function grown(costs: Costs, most: Costs): string[] {
  return Object.entries(costs).flatMap(([who, spent]) =>
    KINDS.flatMap((kind) => {
      const limit = most[who]?.[kind] ?? 0;
      const isMore = spent[kind] > limit + SLACK[kind];
      return isMore ? [`${who}: ${spent[kind]} ${kind}, not ${limit}`] : [];
    }),
  );
}
