import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Restored, Rewound, Trash } from '../../src/protocol/rewind.ts';
import { Bench, type ClientHome, type Program, until } from './processes.ts';
import { treeOf } from './tree.ts';

let bench: Bench;
let url: string;
let anna: ClientHome;
let ben: ClientHome;
let annas: Program;
beforeEach(async () => {
  bench = await Bench.open();
  const server = await bench.server();
  url = server.url;
  [anna, ben] = [await bench.client('anna', server), await bench.client('ben', server)];
  annas = anna.start();
  ben.start();
  await post('/register', { client_id: 'cleo', name: 'Cleo', sync_root: '/nowhere' });
});
afterEach(() => bench.close());

async function post<T>(path: string, body: object): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}${path}`, {
    ...{ method: 'POST', headers },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as T;
}

async function get<T>(path: string): Promise<T> {
  return (await (await fetch(`${url}${path}`)).json()) as T;
}

const cursor = async (): Promise<number> => (await get<{ cursor: number }>('/v1/stats')).cursor;

function write(path: string, content: string): void {
  const place = join(anna.directory, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, content);
}

/** Both directories are so, to the millisecond. */
async function become(tree: Map<string, string>): Promise<void> {
  const faults = (): string[] =>
    [anna, ben].flatMap(({ name, directory }) => {
      const is = treeOf(directory);
      return [...new Set([...is.keys(), ...tree.keys()])]
        .filter((path) => is.get(path) !== tree.get(path))
        .map((path) => `${name}, ${path}: ${is.get(path)} is not ${tree.get(path)}`);
    });
  await until(() => faults().length === 0, { what: () => faults().join('\n') });
}

/** Both directories are as the first client’s is now, and the server knows. */
async function settle(): Promise<Map<string, string>> {
  const tree = treeOf(anna.directory);
  await become(tree);
  return tree;
}

it('brings a deleted tree and overwritten files back on every client, and can be taken back', async () => {
  for (let at = 0; at < 6; at += 1) write(`tree/d${at % 2}/f${at}`, `tree ${at}`);
  for (let at = 0; at < 4; at += 1) write(`work/f${at}`, `what was written ${at}`);
  write('work/large', 'x'.repeat(300_000));
  write('elsewhere', 'stays');
  const before = await settle();
  const to = await cursor();

  rmSync(join(anna.directory, 'tree'), { recursive: true });
  for (let at = 0; at < 4; at += 1) write(`work/f${at}`, `encrypted by somebody ${at}`);
  write('work/large', 'y'.repeat(300_000));
  write('work/READ ME', 'pay');
  renameSync(join(anna.directory, 'elsewhere'), join(anna.directory, 'work', 'hidden'));
  const after = await settle();

  const asked = await post<Rewound>('/v1/rewind', { client_id: 'cleo', to, dry_run: true });
  expect(asked).toMatchObject({ to, creates: 9, updates: 5, moves: 1, deletes: 1 });
  await become(after);
  const rewound = await post<Rewound>('/v1/rewind', { client_id: 'cleo', to });
  expect(rewound).toMatchObject({ creates: 9, updates: 5, moves: 1, deletes: 1 });
  await become(before);

  await post<Rewound>('/v1/rewind', { client_id: 'cleo', to: rewound.from });
  await become(after);
}, 120_000);

it('brings back from the trash what one client deleted, on both', async () => {
  for (let at = 0; at < 5; at += 1) write(`tree/d/f${at}`, `tree ${at}`);
  write('other', 'other');
  const before = await settle();
  // While her client does not look: so it finds the whole at once.
  await annas.stop();
  rmSync(join(anna.directory, 'tree'), { recursive: true });
  anna.start();
  await settle();
  const { deleted } = await get<Trash>('/v1/trash');
  expect(deleted.map(({ path }) => path)).toEqual(['tree']);
  const [{ node, version } = { node: '', version: 0 }] = deleted;
  const restored = await post<Restored>('/v1/restore', { client_id: 'cleo', node, version });
  expect(restored).toMatchObject({ path: 'tree', restored: 7 });
  await become(before);
}, 120_000);
