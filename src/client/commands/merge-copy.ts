import type { MergedInput } from '../../core/change.ts';
import { nodeAt } from '../../core/tree.ts';
import { apiOptions, type Implementations } from '../assemble.ts';
import type { Located } from '../config.ts';
import { fetchContent } from '../fetch-content.ts';
import type { Conflict } from '../find-conflicts.ts';
import { mergeConflict } from '../merge-conflict.ts';
import { ApiFailure, type ClientState, type Disk } from '../ports.ts';
import { Refused } from '../refused.ts';
import type { Settled } from '../resolve-conflict.ts';
import { StateDamaged, StateTooNew } from '../state/failures.ts';
import { stateHome } from '../state-home.ts';

/** Merges a conflict copy into its original, with the version that both were made from, which the server has. */
export async function mergeCopy(
  implementations: Implementations,
  located: Located,
  { disk, copies }: { readonly disk: Disk; readonly copies: readonly Conflict[] },
): Promise<Settled> {
  const [conflict, second] = copies;
  if (conflict === undefined || second !== undefined)
    throw new Refused('There are several copies. Name one of them: one is merged at a time.');
  const known = await baseOf(implementations, located, conflict);
  if (known === undefined) throw unknownBase(conflict);
  const base = await fetchBase(implementations, located, known);
  return await mergeConflict(disk, { conflict, base, now: Date.now() });
}

interface Known {
  readonly base: MergedInput;
  readonly standing: ClientState['standing'];
}

/** The state knows it where this client made the copy. */
async function baseOf(
  { readState }: Implementations,
  { directory }: Located,
  { copy }: Conflict,
): Promise<Known | undefined> {
  try {
    const state = await readState(stateHome(directory).state);
    const node = state && nodeAt(state.local, copy);
    const base = node === undefined ? undefined : state?.base(node);
    const standing = state?.standing;
    state?.close();
    return base && standing && { base, standing };
  } catch (error) {
    if (error instanceof StateDamaged) return undefined;
    if (error instanceof StateTooNew) throw new Refused(`${error.message} Use that version.`);
    throw error;
  }
}

async function fetchBase(
  { openApi }: Implementations,
  located: Located,
  { base, standing }: Known,
): Promise<Uint8Array> {
  try {
    const api = await openApi(apiOptions(located, { standing }));
    const bytes = await fetchContent(api, base);
    if (bytes !== undefined) return bytes;
    throw new Refused('The server does not have the version any more that both were made from.');
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    throw new Refused(
      `The version that both were made from cannot be had from the server ${located.server}: ${error.message}`,
      { cause: error },
    );
  }
}

const unknownBase = ({ copy }: Conflict): Refused =>
  new Refused(
    `This client does not know what ${copy.join('/')} and its original were made from: that is known only where ` +
      'the copy was made, and not of files that were new on both sides. Edit the original and delete the copy.',
  );
