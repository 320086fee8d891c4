import { conflictName } from './conflict-name.ts';
import type { Entry, NodeId } from './entry.ts';
import type { MergeInput } from './merge.ts';
import type { Tree } from './tree.ts';

type Naming = Parameters<typeof conflictName>[0];

/** Names in no tree that are taken all the same: after so many it is a pattern that takes them all. */
const MOST = 100;

/**
 * The first conflict name that is free in the whole directory, on either side and in what both are to become. Where all
 * with its extension are taken, as by an ignore pattern, it has the mark at its end; where those are, too, the copy gets a
 * name all the same, and is kept where only this machine sees it.
 */
export function freeName(
  { local, remote, taken }: MergeInput,
  target: Tree<Entry>,
  { parent, naming }: { readonly parent: NodeId; readonly naming: Naming },
): string {
  const isFree = (name: string): boolean =>
    [target, local, remote].every((tree) => tree.find(parent, name) === undefined);
  for (const sort of [naming, { ...naming, kind: 'directory' }] as const) {
    for (let attempt = 1, hidden = 0; hidden < MOST; attempt += 1) {
      const name = conflictName({ ...sort, attempt });
      if (!isFree(name)) continue;
      if (!taken(parent, name)) return name;
      hidden += 1;
    }
  }
  for (let attempt = 1; ; attempt += 1) {
    const name = conflictName({ ...naming, attempt });
    if (isFree(name)) return name;
  }
}
