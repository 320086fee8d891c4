import { cpSync, mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Arena, Sizes } from './arena.ts';
import type { Contender, Ours, Place } from './contenders/contender.ts';
import { neededFor } from './lines/line.ts';
import { differences } from './lines/trees.ts';
import type { Measurement } from './measurement.ts';
import { removeLarge } from './remove-large.ts';
import { SCENES, type Scene } from './scenes.ts';
import type { Network } from './system/network.ts';
import type { Program } from './system/program.ts';

export interface Comparison {
  readonly contenders: readonly Contender[];
  readonly lines: readonly string[];
  readonly rounds: number;
  readonly sizes: Sizes;
  /** For everything that is made; empty. */
  readonly directory: string;
  readonly network: Network;
  readonly ours: Ours;
  /** Told of each as it is there. */
  readonly tell: (measurement: Measurement) => void;
  readonly say: (text: string) => void;
  /** Told of each session's programs once they have ended. */
  readonly ended?: (programs: readonly Program[]) => void;
}

/**
 * All contenders do the same, one after the other, in each round another one first. What they made stays on the disk until
 * the whole run is over, but for what is large: ext4 does not use the number of a file again that was deleted in the last
 * minutes, and passes over each of them for every file that it makes. Who came after a contender that left ten thousands
 * of them had 160 µs for each new file where the one before had 16, so that turns told of turns and not of contenders.
 * For the same reason some minutes belong between two runs.
 */
export async function compare(comparison: Comparison): Promise<void> {
  for (const scene of SCENES) {
    const isWanted = scene.lines.some(({ key }) => comparison.lines.includes(key));
    if (isWanted) await compareIn(scene, comparison);
  }
}

/** The same, in one scene. What it leaves is for the caller to remove with the directory. */
export async function compareIn(scene: Scene, comparison: Comparison): Promise<void> {
  const { contenders, rounds, directory, sizes } = comparison;
  const own = mkdtempSync(join(directory, `${scene.name}-`));
  const master = join(own, 'master');
  mkdirSync(master);
  scene.fill(master, sizes);
  for (let round = 0; round < Math.min(rounds, scene.mostRounds); round += 1) {
    const first = round % contenders.length;
    for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)]) {
      await holdSession(comparison, { scene, contender, round, own, master });
    }
  }
}

interface Turn {
  readonly scene: Scene;
  readonly contender: Contender;
  readonly round: number;
  /** For everything that is made in the scene. */
  readonly own: string;
  /** What A has at the beginning. */
  readonly master: string;
}

async function holdSession(comparison: Comparison, turn: Turn): Promise<void> {
  const { lines, tell, say } = comparison;
  const { scene, contender, round, own } = turn;
  const needed = neededFor(scene.lines, lines, contender);
  if (needed.length === 0) return;
  say(`${scene.name}, round ${round + 1}: ${contender.name}`);
  const home = join(own, `${contender.name.toLowerCase()}-${round}`);
  let line = needed[0]?.key ?? '';
  let arena: Arena | undefined;
  try {
    arena = await openArena(comparison, turn, home);
    for (const { key, run } of needed) {
      line = key;
      const measurement = await run(arena);
      if (lines.includes(key)) tell(measurement);
    }
    mustBeEqual(arena.place);
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    tell({ ...NOTHING, line, contender: contender.name, round, failure });
  } finally {
    await arena?.session.close();
    comparison.ended?.(arena?.session.programs ?? []);
    removeLarge(home);
  }
}

function mustBeEqual({ a, b }: Place): void {
  const found = differences(a, b);
  if (found.length > 0) throw new Error(`A and B differ: ${found.slice(0, 3).join(', ')}`);
}

async function openArena(
  { sizes, network, ours }: Comparison,
  { scene, contender, round, master }: Turn,
  home: string,
): Promise<Arena> {
  const place: Place = { home, a: join(home, 'A'), b: join(home, 'B'), network, ours };
  const ready = join(home, 'ready');
  for (const each of [place.b, ready]) mkdirSync(each, { recursive: true });
  cpSync(master, place.a, { recursive: true, preserveTimestamps: true });
  const session = await scene.open(contender, place);
  return { contender, session, place, round, sizes, ready };
}

const NONE = { sent: 0, received: 0 };
const NOTHING: Omit<Measurement, 'line' | 'contender' | 'round'> = {
  ms: [],
  traffic: { a: NONE, b: NONE },
  cpu: {},
  peak: {},
  more: {},
  window: [0, 0],
};
