import { ROOT } from '../core/entry.ts';
import type { ClientState } from './ports.ts';
import type { Ports } from './session.ts';

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
 * directory, whatever is in it: then all of it is new, and nothing can be lost. Each directory is bound under
 * a name of its own: else one that was bound while it was empty would come back in another's stead.
 */
export async function checkRoot({ disk, state, newId }: RootPorts): Promise<void> {
  const root = await disk.root();
  if (root.state === 'bound' && root.instance === state.standing.instance) return;
  if (!isBlank(state)) throw new RootInDanger(REASON[root.state]);
  const instance = newId();
  state.record([{ type: 'standing', standing: { instance } }]);
  await disk.bind(instance);
}

type RootPorts = Pick<Ports, 'disk' | 'state' | 'newId'>;

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
