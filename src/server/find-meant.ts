import { type NodeId, ROOT, samePlace } from '../core/entry.ts';
import type { Meant } from '../core/rewind-scope.ts';
import { Failure } from '../protocol/failure.ts';
import { type FolderView, locate } from './by-path.ts';

/** Cursors: of the time that is gone back to, and of the folder. */
export interface Between {
  readonly at: number;
  readonly until: number;
}

/**
 * What a path means to a rewind: the node that is there now; where that one is new since, or nothing is there, the one that
 * was there then (both, so that one makes room for the other). Throws Failure `not_found`: neither is.
 */
export async function findMeant(
  view: FolderView,
  names: readonly string[],
  between: Between,
): Promise<readonly Meant[]> {
  if (names.length === 0) return [{ node: ROOT, stays: true }];
  const { found } = await locate(view, names);
  const living = found === undefined ? [] : [{ node: found.id, stays: true }];
  if (found !== undefined && (await wasThere(view, found.id, between))) return living;
  const was = await nodeThen(view, names, between);
  const meant = [...living, ...(was === undefined ? [] : [{ node: was, stays: false }])];
  if (meant.length === 0) throw new Failure('not_found', 'Nothing is there, nor was then.');
  return meant;
}

const wasThere = async ({ metadata, folder }: FolderView, node: NodeId, { at }: Between) =>
  (await metadata.entriesAt(folder, at, [node])).has(node);

/** Who was at a path then. */
async function nodeThen(
  { metadata, folder }: FolderView,
  names: readonly string[],
  between: Between,
): Promise<NodeId | undefined> {
  let parent = ROOT;
  for (const name of names) {
    const place = { parent, name };
    const [living] = await metadata.named(folder, [place]);
    const ids = living === undefined ? [] : [living.node];
    const then = await metadata.entriesAt(folder, between.at, ids);
    const stayed = [...then].find(([, entry]) => samePlace(entry, place))?.[0];
    // Only where that place is another's now, or nobody's, all that changed since has to be looked through.
    const node = stayed ?? (await metadata.changedAt(folder, { ...between, place }));
    if (node === undefined) return undefined;
    parent = node;
  }
  return parent;
}
