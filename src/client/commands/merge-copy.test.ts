import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Bench, type ClientHome, until } from '../../../test/end-to-end/processes.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(() => bench.close());

const lines = (...all: readonly string[]): string => all.map((line) => `${line}\n`).join('');
const BASE = lines('1', '2', '3', '4');
const ANNA = lines('1 anna', '2', '3', '4');
const BEN = lines('1', '2', '3', '4 ben');

const copiesIn = ({ directory }: ClientHome): string[] =>
  readdirSync(directory).filter((name) => name.includes('(conflict, '));

async function merge(home: ClientHome): Promise<{ code: number | null; text: string }> {
  const program = bench.run('syncer-client', 'resolve', 'f', '--keep', 'merge', '-c', home.config);
  const code = await program.ended();
  return { code, text: program.output };
}

/** A conflict over `f`, of which Ben's client made the copy. */
async function conflict(here: string, there: string) {
  const server = await bench.server();
  const anna = await bench.client('Anna', server, 'text_merge: false\n');
  const ben = await bench.client('Ben', server, 'text_merge: false\n');
  const at = (home: ClientHome): string => join(home.directory, 'f');
  const text = (home: ClientHome): string =>
    existsSync(at(home)) ? readFileSync(at(home), 'utf8') : '';
  writeFileSync(at(anna), BASE);
  const first = anna.start();
  let second = ben.start();
  await until(() => text(ben) === BASE);
  await second.stop();
  writeFileSync(at(ben), there);
  writeFileSync(at(anna), here);
  await until(async () => (await (await fetch(`${server.url}/download/f`)).text()) === here);
  second = ben.start();
  await until(() => copiesIn(anna).length === 1 && copiesIn(ben).length === 1);
  return { server, anna, ben, text, clients: [first, second] };
}

it('[M9] resolve --keep merge puts both versions into the original, where the copy was made', async () => {
  const { anna, ben, text, clients } = await conflict(ANNA, BEN);
  const elsewhere = await merge(anna);
  expect(elsewhere).toMatchObject({ code: 1 });
  expect(elsewhere.text).toContain('This client does not know what');
  const { code, text: said } = await merge(ben);
  expect(said).toContain('f holds both versions now.');
  expect(code).toBe(0);
  const both = lines('1 anna', '2', '3', '4 ben');
  expect(text(ben)).toBe(both);
  await until(() => text(anna) === both && copiesIn(anna).length === 0);
  for (const client of clients) await client.stop();
});

it('[M9] resolve --keep merge changes nothing where both changed one line, or the server is away', async () => {
  const same = lines('1 ben', '2', '3', '4');
  const { server, ben, text, clients } = await conflict(ANNA, same);
  const before = text(ben);
  const refused = await merge(ben);
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.text).toContain('cannot be merged by themselves');
  await server.program.stop();
  const away = await merge(ben);
  expect(away).toMatchObject({ code: 1 });
  expect(away.text).toContain('cannot be had from the server');
  expect([text(ben), copiesIn(ben)]).toEqual([before, [expect.any(String)]]);
  for (const client of clients) await client.stop();
});
