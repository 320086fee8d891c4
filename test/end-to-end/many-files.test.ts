import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeFiles } from '../../bench/make-files.ts';
import { Bench, until } from './processes.ts';
import { countIn, differences, treeOf } from './tree.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(async () => {
  await bench.close();
});

interface Stats {
  readonly cursor: number;
  readonly chunks: number;
}

async function statsOf(url: string): Promise<Stats> {
  const response = await fetch(`${url}/v1/stats`);
  return (await response.json()) as Stats;
}

it('20,000 files arrive intact; a directory of 10,000 is renamed by one change, without content', async () => {
  const server = await bench.server();
  const [anna, ben] = [await bench.client('anna', server), await bench.client('ben', server)];
  makeFiles(join(anna.directory, 'many'), { files: 10_000, seed: 1 });
  makeFiles(join(anna.directory, 'more'), { files: 10_000, seed: 2 });
  anna.start();
  ben.start();
  const equal = (): boolean => differences(anna.directory, ben.directory).length === 0;
  const wanted = countIn(anna.directory);
  const what = (): string => differences(anna.directory, ben.directory).slice(0, 9).join('\n');
  await until(() => countIn(ben.directory) >= wanted && equal(), {
    seconds: 240,
    every: 500,
    what,
  });
  expect(treeOf(ben.directory).size).toBeGreaterThan(20_000);

  const before = await statsOf(server.url);
  renameSync(join(anna.directory, 'many'), join(anna.directory, 'renamed'));
  await until(() => existsSync(join(ben.directory, 'renamed')) && equal(), {
    seconds: 60,
    every: 200,
  });
  const after = await statsOf(server.url);
  expect(after.cursor - before.cursor).toBe(1);
  expect(after.chunks).toBe(before.chunks);

  writeFileSync(join(anna.directory, 'renamed', 'one more.txt'), 'an edit among many');
  await until(equal, { seconds: 30, every: 200 });
}, 400_000);
