import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bytesOf } from '../../memory-app.ts';
import { Bench, type RunningServer, until } from '../processes.ts';
import { asRole, isSound, setPlan, stepsOf } from './world.ts';

let bench: Bench;
let server: RunningServer;
beforeEach(async () => {
  bench = await Bench.open();
  await startServer(0);
});
afterEach(() => bench.close());

async function startServer(port: number): Promise<void> {
  server = await asRole(bench, 'server', () => bench.server([], port));
  await fetch(`${server.url}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_id: 'plain', name: 'plain', sync_root: '/' }),
  });
}

/** Whether it was answered that the file is stored. */
async function isAcknowledged(path: string, bytes: Uint8Array): Promise<boolean> {
  const form = new FormData();
  const fields = {
    relative_path: path,
    checksum: createHash('sha256').update(bytes).digest('hex'),
    client_id: 'plain',
    modified_time: '2026-01-02T03:04:05Z',
    original_size: String(bytes.length),
    compression_type: 'none',
  };
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', new Blob([new Uint8Array(bytes)]), 'file');
  try {
    return (await fetch(`${server.url}/upload`, { method: 'POST', body: form })).status === 200;
  } catch {
    return false;
  }
}

const SIZE = 30_000;
const TOGETHER = 12;

/** So many at the same time; answers which of them were acknowledged. */
async function uploadMany(round: number): Promise<readonly boolean[]> {
  const each = Array.from({ length: TOGETHER }, (_, i) =>
    isAcknowledged(pathOf(round, i), contentOf(round, i)),
  );
  return await Promise.all(each);
}

const pathOf = (round: number, i: number): string => `round ${round}/file ${i}`;
const contentOf = (round: number, i: number): Buffer => bytesOf(SIZE, round * 100 + i);

async function stored(path: string): Promise<Buffer | undefined> {
  const response = await fetch(`${server.url}/download/${encodeURI(path)}`);
  if (response.status === 404) return undefined;
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

/** What was acknowledged is there; the rest is there whole, or not at all. Answers how many are there. */
async function look(round: number, acknowledged: readonly boolean[]): Promise<number> {
  let count = 0;
  for (const [i, isSo] of acknowledged.entries()) {
    const found = await stored(pathOf(round, i));
    if (isSo || found !== undefined) expect(found?.equals(contentOf(round, i))).toBe(true);
    if (found !== undefined) count += 1;
  }
  return count;
}

it('[D25] a server that is killed while it stores many commits together has all it acknowledged, the rest whole or not', async () => {
  setPlan(bench, 'server', { round: 'count' });
  expect(await uploadMany(0)).not.toContain(false);
  const steps = stepsOf(bench, 'server', 'count').filter(({ name }) =>
    /(?:COMMIT|link|sync) .*src\/server\/(?:metadata|objects)/.test(name),
  );
  const chosen = steps.filter(({ name, nth }) => nth === 1 || (nth === 2 && /COMMIT/.test(name)));
  expect(chosen.length).toBeGreaterThan(4);
  let cursor = TOGETHER + 1;
  for (const [i, at] of chosen.entries()) {
    const round = i + 1;
    setPlan(bench, 'server', { round: String(round), at });
    const acknowledged = await uploadMany(round);
    await until(() => !server.program.isRunning, { what: () => `an end ${at.name} (${at.nth})` });
    setPlan(bench, 'server', { round: '' });
    await startServer(server.port);
    const count = await look(round, acknowledged);
    const stats = await fetch(`${server.url}/v1/stats`);
    const grown = ((await stats.json()) as { cursor: number }).cursor - cursor;
    // One change for each, and one for the directory.
    expect(grown).toBe(count === 0 ? 0 : count + 1);
    cursor += grown;
    await isSound(bench);
  }
}, 600_000);
