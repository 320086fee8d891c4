import { appendFileSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Arena, measure } from '../arena.ts';
import { generator } from '../data/random.ts';
import { makeFiles } from '../make-files.ts';
import type { Measurement } from '../measurement.ts';
import { sleep, until } from '../system/until.ts';
import { memory } from '../system/usage.ts';
import { hasAll, namesIn, shows } from './trees.ts';

/** From A's start until B has all that A had. */
export async function firstSync(arena: Arena, line = 'first'): Promise<Measurement> {
  const { place, session, sizes } = arena;
  const names = namesIn(place.a);
  return await measure(arena, {
    line,
    act: async () => {
      await session.start();
      await hasAll(place.b, names, sizes.limit);
      return undefined;
    },
  });
}

/** After the work before, for everyone: what was held for that is not needed at rest. Milliseconds. */
const SETTLING = 10_000;

/** What the programs of both machines hold in memory once all is quiet. */
export async function memoryAtRest(arena: Arena): Promise<Measurement> {
  const roles = ['A', 'B', 'server'] as const;
  const held = (role: string): number => {
    const own = arena.session.programs.filter((each) => each.role === role && each.isRunning);
    return own.reduce((sum, each) => sum + memory(each.pid, 'VmRSS'), 0);
  };
  return await measure(arena, {
    line: 'memory',
    act: async () => {
      await sleep(SETTLING);
      return [];
    },
    more: async () => Object.fromEntries(roles.map((role) => [role, held(role)])),
  });
}

/** Small files are saved now and then, one at a time; each until it shows on B. */
export async function edits(arena: Arena, line = 'edit'): Promise<Measurement> {
  const { place, contender, sizes } = arena;
  mkdirSync(join(place.a, 'edits'));
  const next = generator(arena.round + 1);
  // Who waits before it looks is not asked as often.
  const count = contender.name === 'Syncer' ? sizes.edits : Math.ceil(sizes.edits / 10);
  for (let name = 0; name < 5; name += 1) await save(arena, name, 'new');
  const begins: number[] = [];
  const act = async (): Promise<readonly number[]> => {
    const times: number[] = [];
    for (let edit = 0; edit < count; edit += 1) {
      await sleep(30 + (next() % 120));
      begins.push(Number(process.hrtime.bigint()));
      times.push(await save(arena, edit % 5, `edit ${edit}`));
    }
    return times;
  };
  return await measure(arena, { line, act, begins });
}

async function save({ place }: Arena, name: number, what: string): Promise<number> {
  const path = `edits/note-${name}.txt`;
  const bytes = Buffer.from(`${what} of a small file, as ${Math.random()} shows\n`);
  const begin = performance.now();
  writeFileSync(join(place.a, path), bytes);
  await until(() => shows(join(place.b, path), { size: bytes.length, at: 0, bytes }), {
    seconds: 60,
    every: 1,
    what: `${path} is on B`,
  });
  return performance.now() - begin;
}

/** A directory of many new files appears at once. */
export async function manyNewFiles(arena: Arena): Promise<Measurement> {
  const { place, session, ready, sizes } = arena;
  const from = join(ready, 'many');
  makeFiles(from, { files: sizes.many, seed: 100 + arena.round });
  const names = namesIn(from);
  return await measure(arena, {
    line: 'many',
    act: async () => {
      renameSync(from, join(place.a, 'many'));
      await session.carry();
      await hasAll(join(place.b, 'many'), names, sizes.limit);
      return undefined;
    },
  });
}

/** A directory with half of all files gets another name. */
export async function renamedDirectory(arena: Arena): Promise<Measurement> {
  const { place, session, sizes } = arena;
  const names = namesIn(join(place.a, 'half-0'));
  const before = (await session.changes?.()) ?? Number.NaN;
  return await measure(arena, {
    line: 'rename',
    act: async () => {
      renameSync(join(place.a, 'half-0'), join(place.a, 'renamed'));
      await session.carry();
      await hasAll(join(place.b, 'renamed'), names, sizes.limit);
      return undefined;
    },
    more: async () => ({ changes: ((await session.changes?.()) ?? Number.NaN) - before }),
  });
}

/** Something was edited while A's part did not run; from its start until B has that. */
export async function restart(arena: Arena): Promise<Measurement> {
  const { place, session, sizes } = arena;
  const path = join('half-1', 'part-0', 'group-0', 'file-0.txt');
  await session.stop();
  const bytes = Buffer.from('edited while nobody looked\n');
  const at = statSync(join(place.a, path)).size;
  appendFileSync(join(place.a, path), bytes);
  const sign = { size: at + bytes.length, at, bytes };
  return await measure(arena, {
    line: 'restart',
    act: async () => {
      await session.start();
      await until(() => shows(join(place.b, path), sign), {
        seconds: sizes.limit,
        every: 2,
        what: `${path} is on B`,
      });
      return undefined;
    },
  });
}
