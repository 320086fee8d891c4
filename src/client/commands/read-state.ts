import type { Implementations } from '../assemble.ts';
import type { StateReading } from '../ports.ts';
import { Refused } from '../refused.ts';
import { StateDamaged, StateTooNew } from '../state/failures.ts';
import type { StateHome } from '../state-home.ts';

/** Asks the state a number, beside a client that may be running; 0 where there is none yet, or none that is whole. */
export async function readStateOrNothing(
  { readState }: Implementations,
  { state: path }: StateHome,
  ask: (state: StateReading) => number,
): Promise<number> {
  try {
    const state = await readState(path);
    if (state === undefined) return 0;
    try {
      return ask(state);
    } finally {
      state.close();
    }
  } catch (error) {
    if (error instanceof StateTooNew) throw new Refused(`${error.message} Use that version.`);
    // The next start sets it aside.
    if (error instanceof StateDamaged) return 0;
    throw error;
  }
}
