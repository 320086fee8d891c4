import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { random } from '../random.ts';
import { Bench, type ClientHome, until } from './processes.ts';
import { Book, checksumsIn } from './random-work/book.ts';
import { Person } from './random-work/person.ts';
import { Trouble } from './random-work/trouble.ts';
import { differences, treeOf } from './tree.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(() => bench.close());

/** For longer runs and other ones. */
const SECONDS = Number(process.env.SYNCER_WORK_SECONDS ?? 20);
const SEED = Number(process.env.SYNCER_WORK_SEED ?? 7);
/** Of all three together, on average: each deed is done while others are still being carried out. */
const DEEDS_A_SECOND = 20;

async function work(homes: readonly ClientHome[], book: Book): Promise<void> {
  const next = random(SEED);
  const people = homes.map(
    ({ name, directory }) => new Person({ name, top: directory, book, next }),
  );
  const end = Date.now() + SECONDS * 1000;
  while (Date.now() < end) {
    const inOneGo = next() < 0.1 ? 15 : 1;
    for (let at = 0; at < inOneGo; at += 1) people[Math.floor(next() * people.length)]?.act();
    await pause((2000 * next() * inOneGo) / DEEDS_A_SECOND);
  }
}

/** All alike, and staying so. */
async function untilEqual([first, ...others]: readonly string[]): Promise<void> {
  const unequal = () => others.flatMap((other) => differences(first ?? '', other));
  const isLasting = async (): Promise<boolean> => {
    for (let look = 0; look < 3; look += 1) {
      if (unequal().length > 0) return false;
      await pause(700);
    }
    return true;
  };
  await until(isLasting, { seconds: 90, what: () => unequal().join('\n') });
}

it(
  '[D01] three clients with random work, killed again and again as their server is, end equal, with nothing lost',
  async () => {
    const server = await bench.server();
    const homes: ClientHome[] = [];
    for (const name of ['anna', 'ben', 'cleo']) homes.push(await bench.client(name, server));
    const trouble = new Trouble(bench, { homes, server }, random(SEED + 1));
    const book = new Book();
    await Promise.all([work(homes, book), trouble.until(Date.now() + SECONDS * 1000)]);

    const tops = homes.map(({ directory }) => directory);
    await untilEqual(tops);
    expect(treeOf(tops[0] ?? '').size).toBeGreaterThan(5);
    const isOurs = (path: string): boolean => path.includes('/.syncer/');
    const atPaths = checksumsIn(tops[0] ?? '', (path) => !isOurs(path));
    const inTrash = new Set(tops.flatMap((top) => [...checksumsIn(top, isOurs)]));
    expect(book.lost({ atPaths, inTrash })).toEqual([]);
    expect(book.unknown(atPaths)).toEqual([]);
    for (const top of tops) expect(readdirSync(join(top, '.syncer', 'staging'))).toEqual([]);
    expect(new Set(await trouble.stop())).toEqual(new Set([0]));
  },
  Math.max(180_000, SECONDS * 1000 + 120_000),
);
