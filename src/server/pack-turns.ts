import { setImmediate as nextTurn } from 'node:timers/promises';

/** Bytes that are hashed or encoded in one go: about a millisecond. */
const ONE_GO = 1024 * 1024;

/** To be told of all bytes that were worked on: now and then it lets others have their turn. */
export function takingTurns(): (bytes: number) => Promise<void> {
  let inOneGo = 0;
  return async (bytes) => {
    inOneGo += bytes;
    if (inOneGo < ONE_GO) return;
    inOneGo = 0;
    await nextTurn();
  };
}
