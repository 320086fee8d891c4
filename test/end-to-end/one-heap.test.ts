import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Bench, type ClientHome, type Program, until } from './processes.ts';

// A client that runs for weeks begins with one heap in the C library (docs/decisions/0025).

let bench: Bench;
let anna: ClientHome;
let ben: ClientHome;
beforeAll(async () => {
  bench = await Bench.open();
  const server = await bench.server();
  [anna, ben] = [await bench.client('anna', server), await bench.client('ben', server)];
}, 60_000);
afterAll(() => bench.close());

const hasInEnvironment = ({ pid }: Program, setting: string): boolean =>
  readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(setting);

it('it is the process that was started, synchronizes, and ends when it is told to', async () => {
  const program = anna.start();
  ben.start();
  await until(() => hasInEnvironment(program, 'MALLOC_ARENA_MAX=1'), { seconds: 20 });
  writeFileSync(join(anna.directory, 'note'), 'of anna');
  await until(() => existsSync(join(ben.directory, 'note')), { seconds: 60 });
  expect(await program.stop()).toBe(0);
}, 120_000);

it('what somebody set otherwise stays', async () => {
  bench.env = { MALLOC_ARENA_MAX: '3' };
  const program = anna.start();
  await until(() => hasInEnvironment(program, 'MALLOC_TRIM_THRESHOLD_=131072'), { seconds: 20 });
  expect(hasInEnvironment(program, 'MALLOC_ARENA_MAX=3')).toBe(true);
}, 60_000);
