import { expect, it } from 'vitest';
import { pickFrom, random } from '../random.ts';
import { type Action, act } from './person.ts';
import { type Client, World } from './world.ts';

const NAMES = ['a', 'b', 'c', 'd'];
const KINDS = ['write', 'write', 'mkdir', 'remove', 'move', 'move', 'move'] as const;

/** Two or three clients, actions and rounds in any order, others' commits between a pull and an offer. */
function run(seed: number): string[] {
  const next = random(seed);
  const pick = pickFrom(next);
  const path = (): string[] =>
    Array.from({ length: 1 + Math.floor(next() * 3) }, () => pick(NAMES));
  const action = (): Action => {
    const kind = pick(KINDS);
    return kind === 'move' ? { do: kind, at: path(), to: path() } : { do: kind, at: path() };
  };
  const world = new World(2 + Math.floor(next() * 2));
  const round = (client: Client): void => {
    client.round(() => {
      if (next() < 0.3) pick(world.clients.filter((other) => other !== client)).round();
    });
  };
  const steps = 10 + Math.floor(next() * 30);
  for (let step = 0; step < steps; step += 1) {
    const client = pick(world.clients);
    if (next() < 0.7) act(world, client, action());
    else round(client);
  }
  world.settle();
  return world.faults();
}

const SEEDS = Number(process.env.SYNCER_MODEL_SEEDS ?? 100_000);
const FROM = Number(process.env.SYNCER_MODEL_FROM ?? 1);

it(`[M1–M8, C2, C3] ${SEEDS} random worlds come to rest, equal, with nothing lost`, () => {
  for (let seed = FROM; seed < FROM + SEEDS; seed += 1) {
    let faults: string[];
    try {
      faults = run(seed);
    } catch (error) {
      throw new Error(`seed ${seed} (SYNCER_MODEL_FROM=${seed} SYNCER_MODEL_SEEDS=1)`, {
        cause: error,
      });
    }
    expect(faults, `seed ${seed}`).toEqual([]);
  }
}, 600_000);
