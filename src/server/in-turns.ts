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
