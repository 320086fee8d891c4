import { type Entry, movedTo, type NodeId, samePlace } from './entry.ts';
import { freeName } from './free-name.ts';
import type { MergeInput } from './merge.ts';
import type { Overlay } from './tree.ts';

/**
 * Rule M7: one node per name. What the server has there under that name keeps it; directories come
 * before files; the others step aside to conflict names that are free in the whole directory.
 */
export function settleNames(input: MergeInput, target: Overlay<Entry>): void {
  for (const id of [...target.touched].sort()) {
    const entry = target.get(id);
    if (entry === undefined) continue;
    const rivals = target.named(entry.parent, entry.name);
    if (rivals.length < 2) continue;
    const [, ...losers] = [...rivals].sort(
      (a, b) => rank(input, target, a) - rank(input, target, b) || (a < b ? -1 : 1),
    );
    for (const loser of losers) stepAside(input, target, loser);
  }
}

function rank({ remote }: MergeInput, target: Overlay<Entry>, id: NodeId): number {
  const entry = target.get(id);
  const there = remote.get(id);
  if (entry !== undefined && there !== undefined && samePlace(entry, there)) return 0;
  return entry?.kind === 'directory' ? 1 : 2;
}

function stepAside(input: MergeInput, target: Overlay<Entry>, id: NodeId): void {
  const entry = target.get(id);
  if (entry === undefined) return;
  const { parent, name, kind } = entry;
  const client = input.clientName;
  const time = entry.kind === 'file' ? entry.mtime : undefined;
  const free = freeName(input, target, { parent, naming: { name, client, kind, time } });
  target.set(id, movedTo(entry, { parent, name: free }));
}
