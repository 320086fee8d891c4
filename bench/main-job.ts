// `npm run bench`: the main job's figures, with real processes and directories on this machine.
import { mkdirSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { Bench, type ClientHome, type RunningServer, until } from '../test/end-to-end/processes.ts';
import { countIn, differences } from '../test/end-to-end/tree.ts';
import { makeFiles } from './make-files.ts';

const FILES = Number(process.argv[2] ?? 20_000);
const EDITS = 50;

const bench = await Bench.open();
try {
  const server = await bench.server();
  const [anna, ben] = [await bench.client('anna', server), await bench.client('ben', server)];
  console.log(`${cpus().length} cores, ${cpus()[0]?.model}, Node ${process.versions.node}`);
  await firstSync(anna, ben);
  await edits(anna, ben);
  await renaming({ anna, ben, server });
} finally {
  await bench.close();
}

async function firstSync(anna: ClientHome, ben: ClientHome): Promise<void> {
  const half = Math.floor(FILES / 2);
  const many = { files: half, seed: 1 };
  const bytes =
    makeFiles(join(anna.directory, 'many'), many) +
    makeFiles(join(anna.directory, 'more'), { files: FILES - half, seed: 2 });
  const begin = performance.now();
  ben.start();
  anna.start();
  const wanted = countIn(anna.directory);
  await until(() => countIn(ben.directory) >= wanted, { seconds: 600, every: 100 });
  const ms = performance.now() - begin;
  await until(() => differences(anna.directory, ben.directory).length === 0, {
    seconds: 60,
    every: 500,
  });
  report(`first sync of ${FILES} files, ${(bytes / 2 ** 20).toFixed(0)} MiB, A → server → B`, ms);
}

async function edits(anna: ClientHome, ben: ClientHome): Promise<void> {
  const times: number[] = [];
  mkdirSync(join(anna.directory, 'edits'));
  for (let edit = 0; edit < EDITS; edit += 1) {
    const name = `edits/note-${edit % 5}.txt`;
    const text = `edit ${edit} of a small file\n`;
    await new Promise((resolve) => setTimeout(resolve, 100 + (edit % 7) * 20));
    const begin = performance.now();
    writeFileSync(join(anna.directory, name), text);
    await appears(join(ben.directory, name), text.length, begin);
    times.push(performance.now() - begin);
    utimesSync(join(anna.directory, name), 1, edit + 2);
  }
  times.sort((a, b) => a - b);
  report('an edit visible on B, median', times[Math.floor(EDITS / 2)] ?? 0);
  report('an edit visible on B, 95 of 100', times[Math.floor(EDITS * 0.95)] ?? 0);
}

/** Looks without a pause, for what is measured is short. */
async function appears(path: string, size: number, since: number): Promise<void> {
  const wall = Date.now() - (performance.now() - since);
  while (true) {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats !== undefined && stats.size === size && stats.mtimeMs >= wall - 5) return;
    if (performance.now() - since > 30_000) throw new Error(`${path} did not come`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function renaming({
  anna,
  ben,
  server,
}: {
  anna: ClientHome;
  ben: ClientHome;
  server: RunningServer;
}): Promise<void> {
  const before = await stats(server);
  const begin = performance.now();
  renameSync(join(anna.directory, 'many'), join(anna.directory, 'renamed'));
  await until(
    () => statSync(join(ben.directory, 'renamed'), { throwIfNoEntry: false }) !== undefined,
  );
  report(`a directory of ${Math.floor(FILES / 2)} files renamed on B`, performance.now() - begin);
  const after = await stats(server);
  console.log(
    `  changes: ${after.cursor - before.cursor}, chunks sent: ${after.chunks - before.chunks}`,
  );
}

async function stats({ url }: RunningServer): Promise<{ cursor: number; chunks: number }> {
  return (await (await fetch(`${url}/v1/stats`)).json()) as { cursor: number; chunks: number };
}

function report(what: string, ms: number): void {
  console.log(`${what}: ${ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`}`);
}
