import { conflictName } from '../core/conflict-name.ts';
import { pathOf } from '../core/tree.ts';
import { DiskError, type Path } from './ports.ts';
import type { Session } from './session.ts';

/**
 * What a round had lifted out of the way when it was interrupted goes back to where it was last seen,
 * before anything is looked at: else it would read as deleted. Where its place is taken, it goes
 * beside it, or to the top.
 */
export async function putBack({ disk, state, settings }: Session): Promise<void> {
  for (const node of await disk.lifted()) {
    const known = pathOf(state.local, node) ?? [`recovered-${node}`];
    await putBackTo(disk, node, placesFor(known, settings.clientName));
  }
}

/** A link that may not be at any of the places stays lifted, for the next round. */
async function putBackTo(
  disk: Session['disk'],
  node: string,
  places: Iterable<Path>,
): Promise<void> {
  for (const path of places) if (await lowered(disk, node, path)) return;
}

function* placesFor(known: Path, client: string): Iterable<Path> {
  yield known;
  const name = known.at(-1) ?? '';
  for (const parent of [known.slice(0, -1), []]) {
    for (let attempt = 1; attempt < 100; attempt += 1) {
      yield [...parent, conflictName({ name, client, time: undefined, attempt })];
    }
  }
}

async function lowered(disk: Session['disk'], node: string, path: Path): Promise<boolean> {
  try {
    await disk.lower(node, path);
    return true;
  } catch (error) {
    if (
      error instanceof DiskError &&
      ['exists', 'absent', 'outside', 'unsupported'].includes(error.problem)
    )
      return false;
    throw error;
  }
}
