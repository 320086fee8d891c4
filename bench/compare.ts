import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Arena, Sizes } from './arena.ts';
import type { Contender, Ours, Place } from './contenders/contender.ts';
import { neededFor } from './lines/line.ts';
import { differences } from './lines/trees.ts';
import type { Measurement } from './measurement.ts';
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

/** All contenders do the same, one after the other, in each round another one first. */
export async function compare(comparison: Comparison): Promise<void> {
  for (const scene of SCENES) {
    const isWanted = scene.lines.some(({ key }) => comparison.lines.includes(key));
    if (isWanted) await compareIn(scene, comparison);
  }
}

/** The same, in one scene. */
export async function compareIn(scene: Scene, comparison: Comparison): Promise<void> {
  const { contenders, rounds, directory, sizes } = comparison;
  const master = join(directory, `master-${scene.name}`);
  mkdirSync(master);
  scene.fill(master, sizes);
  for (let round = 0; round < Math.min(rounds, scene.mostRounds); round += 1) {
    const first = round % contenders.length;
    for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)]) {
      await holdSession(comparison, { scene, contender, round, master });
    }
  }
  rmSync(master, { recursive: true });
}

interface Turn {
  readonly scene: Scene;
  readonly contender: Contender;
  readonly round: number;
  /** What A has at the beginning. */
  readonly master: string;
}

async function holdSession(comparison: Comparison, turn: Turn): Promise<void> {
  const { lines, directory, tell, say } = comparison;
  const { scene, contender, round } = turn;
  const needed = neededFor(scene.lines, lines, contender);
  if (needed.length === 0) return;
  say(`${scene.name}, round ${round + 1}: ${contender.name}`);
  const home = join(directory, `${contender.name.toLowerCase()}-${round}`);
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
    rmSync(home, { recursive: true, force: true });
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
