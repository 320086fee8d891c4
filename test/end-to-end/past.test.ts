import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Bench, type ClientHome, until } from './processes.ts';

// A person goes back to what was, with real processes: the commands, a server, and two clients that follow.

let bench: Bench;
let anna: ClientHome;
let ben: ClientHome;
beforeEach(async () => {
  bench = await Bench.open();
  const server = await bench.server();
  anna = await bench.client('Anna', server);
  ben = await bench.client('Ben', server);
});
afterEach(() => bench.close());

async function run(...args: string[]): Promise<{ code: number | null; text: string }> {
  const program = bench.run('syncer-client', ...args, '-c', anna.config);
  const code = await program.ended();
  return { code, text: program.output };
}

const json = async (...args: string[]) => {
  const { code, text } = await run(...args, '--json');
  expect({ code, text }).toMatchObject({ code: 0 });
  return JSON.parse(text);
};

const textOf = ({ directory }: ClientHome, path: string): string | undefined => {
  const file = join(directory, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
};

/** Both have it, or both lack it. */
const both = (path: string, text: string | undefined): Promise<void> =>
  until(() => textOf(anna, path) === text && textOf(ben, path) === text, {
    what: () => `${path} is ${text}, here ${textOf(anna, path)}, there ${textOf(ben, path)}`,
  });

/** Whole at once: of a slow write others may see the small beginning. */
async function put({ directory }: ClientHome, path: string, text: string): Promise<void> {
  const aside = join(directory, '..', 'aside');
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(aside, text);
  renameSync(aside, join(directory, path));
  await both(path, text);
}

it('versions are listed and given back, and what was deleted comes back', async () => {
  const clients = [anna.start(), ben.start()];
  for (const client of clients) await client.says(/in sync/);
  await put(anna, 'docs/report.txt', 'one');
  await put(ben, 'docs/report.txt', 'two, longer');
  await put(anna, 'docs/other.txt', 'other');

  const versions = await json('history', 'docs/report.txt');
  expect(versions.map((line: Record<string, unknown>) => [line.client_name, line.size])).toEqual([
    ['Ben', 11],
    ['Anna', 3],
  ]);
  const [second, first] = versions;
  const restored = await run('restore', 'docs/report.txt', '--version', `${first.cursor}`);
  expect(restored).toMatchObject({ code: 0 });
  expect(restored.text).toContain(`restore docs/report.txt --version ${second.cursor}`);
  await both('docs/report.txt', 'one');

  rmSync(join(ben.directory, 'docs'), { recursive: true });
  await both('docs/report.txt', undefined);
  const trash = await json('trash', 'list', '--server');
  expect(trash.map(({ path }: { path: string }) => path)).toContain('docs');
  expect(await run('trash', 'restore', '--server', 'docs')).toMatchObject({ code: 0 });
  await both('docs/report.txt', 'one');
  await both('docs/other.txt', 'other');

  for (const client of clients) await client.stop();
});

it('a directory goes back in time and again, and each step can be told', async () => {
  const clients = [anna.start(), ben.start()];
  for (const client of clients) await client.says(/in sync/);
  await put(anna, 'docs/report.txt', 'one');
  await put(ben, 'docs/report.txt', 'two, longer');
  const [second] = await json('history', 'docs/report.txt', '--limit', '1');
  await put(anna, 'docs/report.txt', 'one');
  await put(anna, 'docs/other.txt', 'other');

  const planned = await json('rewind', 'docs', '--to', `${second.cursor}`, '--dry-run');
  expect(planned).toMatchObject({ updates: 1, deletes: 1, dry_run: true, undo: null });
  const unasked = await run('rewind', 'docs', '--to', `${second.cursor}`);
  expect(unasked).toMatchObject({ code: 2 });
  const done = await json('rewind', 'docs', '--to', `${second.cursor}`, '--yes');
  await both('docs/report.txt', 'two, longer');
  await both('docs/other.txt', undefined);
  expect(done.undo).toBe(`syncer-client rewind docs --to ${done.from}`);
  expect(await run('rewind', 'docs', '--to', `${done.from}`, '--yes')).toMatchObject({ code: 0 });
  await both('docs/report.txt', 'one');
  await both('docs/other.txt', 'other');

  const log = await json('log', '--since', '1h', '--limit', '1000');
  const causes = new Set(log.map(({ cause }: { cause: string }) => cause));
  expect([...causes].sort()).toEqual(['rewind', 'sync']);
  const byBen = await json('log', '--client', 'ben');
  expect(byBen.length).toBeGreaterThan(0);
  expect(new Set(byBen.map((line: Record<string, unknown>) => line.client_name))).toEqual(
    new Set(['Ben']),
  );
  const { text } = await run('explain', 'docs/report.txt');
  expect(text).toMatch(/Anna created docs\/report\.txt \(3 bytes\)\. \(version \d+\)\n/);
  expect(text).toContain('Ben edited docs/report.txt (11 bytes instead of 3 bytes).');
  expect(text).toContain('by going back in time');
  for (const client of clients) await client.stop();
});
