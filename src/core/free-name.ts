import { conflictName } from './conflict-name.ts';
import type { Entry, NodeId } from './entry.ts';
import type { MergeInput } from './merge.ts';
import type { Tree } from './tree.ts';

type Naming = Parameters<typeof conflictName>[0];

/** The first conflict name that is free in the whole directory, on either side and in what both are to become. */
export function freeName(
  { local, remote, taken }: MergeInput,
  target: Tree<Entry>,
  { parent, naming }: { readonly parent: NodeId; readonly naming: Naming },
): string {
  const isTaken = (name: string): boolean =>
    taken(parent, name) ||
    [target, local, remote].some((tree) => tree.find(parent, name) !== undefined);
  for (let attempt = 1; ; attempt += 1) {
    const name = conflictName({ ...naming, attempt });
    if (!isTaken(name)) return name;
  }
}
