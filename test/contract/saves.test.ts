import { mkdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Bench, type ClientHome, type RunningServer, until } from '../end-to-end/processes.ts';
import { differences, treeOf } from '../end-to-end/tree.ts';

let bench: Bench;
let server: RunningServer;
beforeEach(async () => {
  bench = await Bench.open();
  server = await bench.server();
});
afterEach(() => bench.close());

interface Line {
  readonly operation: string;
  readonly path: string;
  readonly client_name: string;
}

/** Oldest first. */
async function history(): Promise<Line[]> {
  const answer = await fetch(`${server.url}/v1/history?limit=1000`);
  return ((await answer.json()) as { history: Line[] }).history.toReversed();
}

const equal = (one: ClientHome, other: ClientHome): Promise<void> =>
  until(() => differences(one.directory, other.directory).length === 0, {
    seconds: 60,
    what: () => differences(one.directory, other.directory).join('\n'),
  });

async function twoClients() {
  const [anna, ben] = [await bench.client('anna', server), await bench.client('ben', server)];
  const running = [anna.start(), ben.start()];
  for (const program of running) await program.says(/in sync/);
  return { anna, ben, running };
}

/** How editors save. Each leaves `text` at `path`. */
const SAVES: Readonly<Record<string, (path: string, text: string) => void>> = {
  'in place': (path, text) => writeFileSync(path, text),
  'a temporary that is renamed over it': (path, text) => {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  },
  'a backup, and a new file': (path, text) => {
    renameSync(path, `${path}~`);
    writeFileSync(path, text);
    unlinkSync(`${path}~`);
  },
  'many writes': (path, text) => {
    for (let at = 1; at <= text.length; at += 1) writeFileSync(path, text.slice(0, at));
  },
};

describe('[contract 6] live, with real programs', () => {
  it('an editor’s save is one update, whichever way it saves', async () => {
    const { anna, ben, running } = await twoClients();
    for (const [how, save] of Object.entries(SAVES)) {
      const path = join(anna.directory, how);
      writeFileSync(path, 'the first version');
      await until(() => treeOf(ben.directory).has(how));
      await equal(anna, ben);
      const before = (await history()).length;
      const second = 'a second version, which is longer';
      save(path, second);
      await until(() => readFileSync(join(ben.directory, how), 'utf8') === second);
      await equal(anna, ben);
      const told = (await history()).slice(before).filter(({ path: at }) => at === how);
      expect(new Set(told.map(({ operation }) => operation))).toEqual(new Set(['update']));
      // Where a look falls between two writes there is one more; never one for each write.
      expect(told.length).toBeLessThanOrEqual(how === 'many writes' ? second.length / 2 : 3);
    }
    for (const program of running) expect(await program.stop()).toBe(0);
  });

  it('what comes together is told together', async () => {
    const { anna, ben } = await twoClients();
    for (let n = 0; n < 300; n += 1) writeFileSync(join(anna.directory, `f${n}`), `${n}`);
    await equal(anna, ben);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    const [, commits] = /^syncer_commits_total (\d+)$/m.exec(metrics) ?? [];
    expect((await history()).length).toBe(300);
    expect(Number(commits)).toBeLessThan(100);
  });

  it('one that was away catches up, on both sides’ changes, deletions included', async () => {
    const { anna, ben, running } = await twoClients();
    mkdirSync(join(anna.directory, 'd'));
    for (const name of ['kept', 'edited', 'gone-there', 'gone-here'])
      writeFileSync(join(anna.directory, 'd', name), name);
    await equal(anna, ben);
    expect(await running[1]?.stop()).toBe(0);

    rmSync(join(anna.directory, 'd/gone-there'));
    writeFileSync(join(anna.directory, 'd/edited'), 'edited by anna');
    rmSync(join(ben.directory, 'd/gone-here'));
    writeFileSync(join(ben.directory, 'd/new'), 'new from ben');
    await until(async () => (await history()).length >= 7);
    ben.start();
    await equal(anna, ben);
    expect([...treeOf(ben.directory).keys()].sort()).toEqual(['d', 'd/edited', 'd/kept', 'd/new']);
  });

  it('a directory that is renamed is one operation, and sends no content', async () => {
    const { anna, ben } = await twoClients();
    mkdirSync(join(anna.directory, 'before'));
    for (let n = 0; n < 50; n += 1) writeFileSync(join(anna.directory, 'before', `f${n}`), `${n}`);
    await equal(anna, ben);
    const [chunks, lines] = [await chunksStored(), (await history()).length];
    renameSync(join(anna.directory, 'before'), join(anna.directory, 'after'));
    await until(() => treeOf(ben.directory).has('after'));
    await equal(anna, ben);
    expect((await history()).slice(lines)).toMatchObject([
      { operation: 'move', path: 'after', old_path: 'before', client_name: 'anna' },
    ]);
    expect(await chunksStored()).toBe(chunks);
  });
});

async function chunksStored(): Promise<number> {
  const answer = await fetch(`${server.url}/v1/stats`);
  return ((await answer.json()) as { chunks: number }).chunks;
}
