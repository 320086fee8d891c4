import { type NodeId, ROOT } from '../core/entry.ts';
import type { FolderView, Living } from './by-path.ts';

/** Where a walk begins: a directory, and its path. */
export interface Start {
  readonly id: NodeId;
  readonly path: string;
}

export interface Met extends Living {
  readonly path: string;
}

/** Directories whose children are asked for at once. */
const DIRECTORIES = 64;

const FROM_THE_TOP: Start = { id: ROOT, path: '' };

/**
 * Everything below a directory, parents before what is in them. It holds the directories that are still
 * to be looked into, not the tree. What is moved meanwhile may be met twice or not at all.
 */
export async function* walkFolder(
  { metadata, folder }: FolderView,
  start: Start = FROM_THE_TOP,
): AsyncGenerator<Met> {
  const waiting: Start[] = [start];
  while (waiting.length > 0) {
    const group = new Map(waiting.splice(-DIRECTORIES).map((one) => [one.id, one.path]));
    for (const [id, entry] of await metadata.children(folder, [...group.keys()])) {
      const above = group.get(entry.parent);
      const path = above === undefined || above === '' ? entry.name : `${above}/${entry.name}`;
      if (entry.kind === 'directory') waiting.push({ id, path });
      yield { id, entry, path };
    }
  }
}
