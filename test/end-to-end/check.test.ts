import { readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Bench } from './processes.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(() => bench.close());

const at = (...names: string[]): string => join(bench.directory, ...names);

async function check(...more: string[]) {
  const program = bench.run('syncer-server', 'check', '--sync-directory', at('server'), ...more);
  return { code: await program.ended(), said: program.output.trim() };
}

async function upload(url: string, path: string, content: string): Promise<void> {
  const about = JSON.stringify({ client_id: 'plain', name: 'Plain', sync_root: '/' });
  const headers = { 'content-type': 'application/json' };
  await fetch(`${url}/register`, { method: 'POST', headers, body: about });
  const body = new FormData();
  body.set('client_id', 'plain');
  body.set('relative_path', path);
  body.set('file', new File([content], 'file'));
  const answer = await fetch(`${url}/upload`, { method: 'POST', body });
  if (!answer.ok) throw new Error(await answer.text());
}

const packs = (): string[] =>
  readdirSync(at('server', 'objects'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /^[0-9a-f-]{36}$/.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name));

it('[D19] looks beside a running server, names what is broken, and says it with its exit code', async () => {
  const server = await bench.server();
  await upload(server.url, 'docs/report.txt', 'a report');
  const sound = await check('--read-data', '100%', '--json');
  expect(sound.code).toBe(0);
  expect(JSON.parse(sound.said)).toMatchObject({ sound: true, chunks_read: 1, findings: [] });
  expect(await check()).toMatchObject({
    code: 0,
    said: expect.stringContaining('Everything is sound.'),
  });

  for (const pack of packs()) truncateSync(pack, 20);
  const broken = await check();
  expect(broken.code).toBe(1);
  expect(broken.said).toContain('content: "docs/report.txt"');
  expect(broken.said).toContain('1 things are broken.');

  expect((await check('--read-data', '101')).code).toBe(2);
  expect((await check('one-too-many')).code).toBe(2);
  const elsewhere = bench.run('syncer-server', 'check', '--sync-directory', at('nowhere'));
  expect(await elsewhere.ended()).toBe(1);
});
