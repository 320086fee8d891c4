import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Bench, until } from './processes.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(async () => {
  await bench.close();
});

it('a program that only knows the contract can do everything in it', async () => {
  const server = await bench.server();
  const script = fileURLToPath(new URL('./contract-only.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, server.url], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (bytes) => {
    output += bytes;
  });
  child.stderr.on('data', (bytes) => {
    output += bytes;
  });
  await until(() => child.exitCode !== null, { seconds: 60, what: () => output });
  expect(output).toBe('done\n');
  expect(child.exitCode).toBe(0);
}, 90_000);
