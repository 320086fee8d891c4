/** Things that are looked at before others may have their turn: a few milliseconds. */
const PIECE = 500;

/** Whether work on a list is to be interrupted before the thing of that number. */
export const isTurn = (at: number): boolean => at > 0 && at % PIECE === 0;

/** Work that comes in pieces, in one go. */
export function drain<T>(work: Generator<void, T>): T {
  for (let piece = work.next(); ; piece = work.next()) {
    if (piece.done === true) return piece.value;
  }
}
