import { closeSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Arena, measure } from '../arena.ts';
import { noise } from '../data/random.ts';
import { makeLarge } from '../make-files.ts';
import type { Measurement } from '../measurement.ts';
import { sleep, until } from '../system/until.ts';
import { readAt, type Sign, shows } from './trees.ts';

const NAME = 'large.bin';

/** A large file of random bytes appears, whole. */
export async function newLargeFile(arena: Arena): Promise<Measurement> {
  const { sizes, ready, place } = arena;
  const path = join(ready, NAME);
  makeLarge(path, { size: sizes.large, seed: 7 + arena.round });
  const sign = signOf(path, sizes.large - 4096);
  return await change(arena, {
    line: 'large',
    sign,
    edit: () => renameSync(path, join(place.a, NAME)),
  });
}

/** 4 KiB in its middle are written anew, in place. */
export async function changedInTheMiddle(arena: Arena): Promise<Measurement> {
  const path = join(arena.place.a, NAME);
  const at = Math.floor(arena.sizes.large / 2) + 123;
  const bytes = noise(`middle ${arena.round}`)(4096);
  const sign = { size: statSync(path).size, at, bytes };
  const edit = (): void => {
    const file = openSync(path, 'r+');
    writeSync(file, bytes, 0, bytes.length, at);
    closeSync(file);
  };
  // Some look at whole seconds of the time only.
  await sleep(1100);
  return await change(arena, { line: 'middle', sign, edit });
}

/** An editor saves it with one more byte at its front. */
export async function insertedAtTheFront(arena: Arena): Promise<Measurement> {
  const { ready, place } = arena;
  const [path, next] = [join(place.a, NAME), join(ready, NAME)];
  await withOneByteMore(path, next);
  const sign = signOf(next, 0);
  return await change(arena, { line: 'front', sign, edit: () => renameSync(next, path) });
}

async function withOneByteMore(from: string, to: string): Promise<void> {
  const { size } = statSync(from);
  const piece = 1 << 22;
  const file = openSync(to, 'w');
  writeSync(file, Buffer.from('!'));
  for (let at = 0; at < size; at += piece) {
    writeSync(file, readAt(from, { at, length: Math.min(piece, size - at) }));
  }
  closeSync(file);
}

interface Change {
  readonly line: string;
  readonly edit: () => void;
  /** By which the new content is known on B. */
  readonly sign: Sign;
}

async function change(arena: Arena, { line, edit, sign }: Change): Promise<Measurement> {
  const there = join(arena.place.b, NAME);
  return await measure(arena, {
    line,
    act: async () => {
      edit();
      await arena.session.carry();
      await until(() => shows(there, sign), {
        seconds: arena.sizes.limit,
        every: 5,
        what: `${line} is on B`,
      });
      return undefined;
    },
  });
}

const signOf = (path: string, at: number): Sign => ({
  size: statSync(path).size,
  at,
  bytes: readAt(path, { at, length: 4096 }),
});
