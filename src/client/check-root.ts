import { ROOT } from '../core/entry.ts';
import type { ClientState, Disk } from './ports.ts';

/** The directory is not the one that the state was made for: nothing is done until a person has looked. */
export class RootInDanger extends Error {
  readonly code = 'root_in_danger';
  constructor(message: string) {
    super(message);
    this.name = 'RootInDanger';
  }
}

/**
 * Before every round: is the directory there, and is it ours? An emptied, swapped or unmounted one must
 * never read as "everything was deleted" (B01 to B05). A state that knows nothing yet is bound to the
 * directory, whatever is in it: then all of it is new, and nothing can be lost.
 */
export async function checkRoot(disk: Disk, state: ClientState): Promise<void> {
  const root = await disk.root();
  const { instance } = state.standing;
  if (root.state === 'bound' && root.instance === instance) return;
  if (isBlank(state)) return await disk.bind(instance);
  throw new RootInDanger(REASON[root.state]);
}

const REASON = {
  absent:
    'The directory is not there. Is its disk mounted? Nothing is deleted elsewhere; put it back, or start afresh with --reset.',
  unbound:
    'The directory is there, but without its marker (.syncer/marker.json): it was emptied, replaced, or another disk is mounted there. Nothing is deleted elsewhere; put it back, or start afresh with --reset.',
  bound:
    'The directory belongs to another client state. Nothing is deleted elsewhere; use that state, or start afresh with --reset.',
} as const;

function isBlank({ synced, local }: ClientState): boolean {
  for (const tree of [synced, local]) for (const _ of tree.children(ROOT)) return false;
  return true;
}
