import { setImmediate } from 'node:timers/promises';

/** Everybody else has their turn. */
export const nextTurn = (): Promise<void> => setImmediate();

/** Does work that comes in short pieces; others have their turn in between. Throws what it throws. */
export async function inTurns<T>(work: Generator<void, T>): Promise<T> {
  for (let piece = work.next(); ; piece = work.next()) {
    if (piece.done === true) return piece.value;
    await nextTurn();
  }
}

/** Of things that are asked for at once. */
const GROUP = 1_000;

/** All of them, so many at a time; between two groups others have their turn. */
export async function* groupsInTurns<T>(all: readonly T[]): AsyncGenerator<T[]> {
  for (let at = 0; at < all.length; at += GROUP) {
    if (at > 0) await nextTurn();
    yield all.slice(at, at + GROUP);
  }
}
