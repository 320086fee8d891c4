import type { FastifyInstance } from 'fastify';
import { type ParsedCopy, parseConflictName } from '../../core/conflict-name.ts';
import type { NodeId } from '../../core/entry.ts';
import type { ConflictCopies, ConflictCopy } from '../../protocol/conflict.ts';
import { ROUTES } from '../../protocol/routes.ts';
import { msToTime } from '../../protocol/time.ts';
import type { AppParts } from '../app.ts';
import { type FolderView, type Living, pathsOf } from '../by-path.ts';
import { serve } from './serve.ts';

/** Conflict copies are known by their names: one is settled when it is renamed or deleted. */
export function addConflicts(app: FastifyInstance, parts: AppParts): void {
  serve(app, ROUTES.conflicts, {
    answer: async (): Promise<ConflictCopies> => {
      const copies = await findCopies(parts);
      const paths = await pathsOf(parts, copies);
      const conflicts = copies.flatMap((copy) => describe(copy, paths.get(copy.id)));
      return { conflicts: conflicts.sort((a, b) => (a.path < b.path ? -1 : 1)) };
    },
  });
}

type Copy = Living & { readonly parsed: ParsedCopy };

const PAGE = 5000;

async function findCopies({ metadata, folder }: FolderView): Promise<Copy[]> {
  const copies: Copy[] = [];
  let after: NodeId | undefined;
  do {
    const page = await metadata.allNodes(folder, { after, limit: PAGE });
    for (const [id, entry] of page) {
      const parsed = parseConflictName(entry.name);
      if (parsed !== undefined) copies.push({ id, entry, parsed });
    }
    after = page.length === PAGE ? page.at(-1)?.[0] : undefined;
  } while (after !== undefined);
  return copies;
}

function describe({ entry, parsed }: Copy, path: readonly string[] | undefined): ConflictCopy[] {
  if (path === undefined) return [];
  const { original, client, time } = parsed;
  const known = time ?? (entry.kind === 'file' ? entry.mtime : 0);
  const beside = [...path.slice(0, -1), original].join('/');
  return [{ path: path.join('/'), original: beside, client, time: msToTime(known) }];
}
