import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Bench, type ClientHome, until } from '../../../test/end-to-end/processes.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
  bench.env = { TMPDIR: bench.directory };
});
afterEach(() => bench.close());

async function run(...args: string[]): Promise<{ code: number | null; text: string }> {
  const program = bench.run('syncer-client', ...args);
  const code = await program.ended();
  return { code, text: program.output };
}

const planOf = async ({ config }: ClientHome, ...more: string[]) => {
  const { code, text } = await run('plan', '--json', '-c', config, ...more);
  expect({ code, text }).toMatchObject({ code: 0 });
  return JSON.parse(text);
};

/** Every name below, with what is there: its time, its mode, and its bytes. */
function everything(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const path = join(directory, name);
      const stats = lstatSync(path);
      const hash = stats.isFile()
        ? createHash('sha256').update(readFileSync(path)).digest('hex')
        : '';
      return `${name} ${stats.mode} ${stats.isFile() ? stats.mtimeMs : ''} ${hash}`;
    });
}

/** What a plan must leave as it is. */
async function world(homes: readonly ClientHome[], url?: string) {
  const ask = async (path: string): Promise<Record<string, unknown>> =>
    JSON.parse(await (await fetch(`${url}${path}`)).text());
  const { uptime_seconds: _, ...stats } = url === undefined ? {} : await ask('/v1/stats');
  return {
    files: homes.map(({ directory }) => everything(directory)),
    state: everything(join(bench.directory, 'state')),
    stats,
    clients: url === undefined ? [] : withoutAges(await ask('/v1/clients')),
    temporary: readdirSync(bench.directory).filter((name) => name.startsWith('syncer-plan')),
  };
}

/** A lag grows older by itself. */
const withoutAges = (answer: object): unknown =>
  JSON.parse(JSON.stringify(answer, (key, value) => (key === 'lag_seconds' ? undefined : value)));

const put = ({ directory }: ClientHome, path: string, text: string): void => {
  mkdirSync(join(directory, path, '..'), { recursive: true });
  writeFileSync(join(directory, path), text);
};

const steps = (all: readonly Record<string, unknown>[]) =>
  all.map(({ operation, path, reason }) => [operation, path, reason]);

describe('plan', () => {
  it('of a client that never ran tells what it would send and take, and leaves no trace', async () => {
    const server = await bench.server();
    const [anna, ben] = [await bench.client('Anna', server), await bench.client('Ben', server)];
    put(anna, 'd/from-anna', 'A');
    const client = anna.start();
    await client.says(/in sync/);
    await client.stop();
    put(ben, 'from-ben', 'BB');
    rmSync(join(bench.directory, 'state'), { recursive: true });
    const before = await world([anna, ben], server.url);
    const plan = await planOf(ben);
    expect(steps(plan.here)).toEqual([
      ['create', 'd', 'new on the server, by Anna'],
      ['create', 'd/from-anna', 'new on the server, by Anna'],
    ]);
    expect(steps(plan.server)).toEqual([['create', 'from-ben', 'new here']]);
    expect(plan.notes[0]).toContain('has not synchronized this directory before');
    const { code, text } = await run('start', '--dry-run', '-c', ben.config);
    expect(code).toBe(0);
    expect(text).toMatch(/create +2 B +from-ben +new here[\s\S]*Nothing was done/);
    expect(await world([anna, ben], server.url)).toEqual(before);
    rmSync(ben.directory, { recursive: true });
    expect((await planOf(ben)).notes[0]).toContain('is not there, and is made');
    expect(existsSync(ben.directory)).toBe(false);
  });

  it('of one that was away tells edits, moves, deletions and a conflict, and leaves no trace', async () => {
    const server = await bench.server();
    const more = 'text_merge: false\n';
    const [anna, ben] = [
      await bench.client('Anna', server, more),
      await bench.client('Ben', server, more),
    ];
    for (const name of ['edited', 'both', 'moved', 'gone', 'same', 'theirs']) put(anna, name, name);
    const [here, there] = [anna.start(), ben.start()];
    await until(() => existsSync(join(ben.directory, 'theirs')));
    await there.says(/in sync/);
    await there.stop();
    put(anna, 'theirs', 'by Anna');
    put(anna, 'both', 'by Anna');
    await here.says(/sent {6}update {2}(?:theirs|both)[\s\S]*sent {6}update {2}(?:theirs|both)/);
    await here.stop();
    put(ben, 'edited', 'by Ben');
    put(ben, 'both', 'by Ben, later');
    renameSync(join(ben.directory, 'moved'), join(ben.directory, 'elsewhere'));
    rmSync(join(ben.directory, 'gone'));
    const before = await world([anna, ben], server.url);
    const plan = await planOf(ben);
    expect(steps(plan.server)).toEqual([
      ['update', 'both', 'both sides changed it; the version made here has the path'],
      [
        'create',
        expect.stringMatching(/^both \(conflict, Anna, /),
        "conflict copy: both sides changed both, and the server's version goes beside it",
      ],
      ['update', 'edited', 'edited here'],
      ['move', 'elsewhere', 'moved here'],
      ['delete', 'gone', 'deleted here'],
    ]);
    expect(steps(plan.here)).toContainEqual(['update', 'theirs', 'edited on the server, by Anna']);
    expect(plan.problems).toEqual([]);
    expect(await world([anna, ben], server.url)).toEqual(before);
  });

  it('works beside a running client, and tells what is held', async () => {
    const server = await bench.server();
    const anna = await bench.client('Anna', server);
    for (let n = 0; n < 30; n += 1) put(anna, `d/${n}`, `${n}`);
    const client = anna.start();
    await client.says(/in sync: 30 files/);
    expect((await run('plan', '-c', anna.config)).text).toBe('Nothing would be done.\n');
    rmSync(join(anna.directory, 'd'), { recursive: true });
    await client.says(/You are asked/);
    const plan = await planOf(anna);
    expect(plan.held).toMatchObject([{ direction: 'outgoing', deed: 'delete' }]);
    expect(plan.server).toEqual([]);
    expect(plan.waiting.length).toBeGreaterThan(20);
    await client.stop();
  });

  it('leaves nothing behind when it is stopped', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const anna = await bench.client('Anna', { port });
    const program = bench.run('syncer-client', 'plan', '-c', anna.config);
    const copies = () => readdirSync(bench.directory).filter((name) => /^syncer-plan/.test(name));
    await until(() => copies().length === 1);
    await new Promise((resolve) => setTimeout(resolve, 500));
    program.signal('SIGINT');
    expect(await program.ended()).toBe(130);
    expect(copies()).toEqual([]);
    expect(existsSync(join(bench.directory, 'state'))).toBe(false);
    silent.close();
  });

  it('says why a round would not begin', async () => {
    const anna = await bench.client('Anna', { port: 1 });
    const away = await run('plan', '-c', anna.config);
    expect(away).toMatchObject({ code: 1 });
    expect(away.text).toContain('The server at localhost:1: The server cannot be reached. Is it');
    expect(await run('start', '--dry-run', '--reset', '-c', anna.config)).toMatchObject({
      code: 2,
    });
    const server = await bench.server();
    const ben = await bench.client('Ben', server);
    put(ben, 'f', 'F');
    const client = ben.start();
    await client.says(/in sync: 1 file/);
    await client.stop();
    renameSync(ben.directory, `${ben.directory}-away`);
    const danger = await run('plan', '-c', ben.config);
    expect(danger).toMatchObject({ code: 1 });
    expect(danger.text).toContain('A round would not begin: The directory is not there.');
  });
});
