import type { FastifyInstance } from 'fastify';
import { CONFLICT_MARK, type ParsedCopy, parseConflictName } from '../../core/conflict-name.ts';
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

/** By the index of names: every page of the web app asks, and after every change. */
async function findCopies({ metadata, folder }: FolderView): Promise<Copy[]> {
  const found = await metadata.searchNames(folder, CONFLICT_MARK, Number.MAX_SAFE_INTEGER);
  return found.flatMap(([id, entry]) => {
    const parsed = parseConflictName(entry.name);
    return parsed === undefined ? [] : [{ id, entry, parsed }];
  });
}

function describe({ entry, parsed }: Copy, path: readonly string[] | undefined): ConflictCopy[] {
  if (path === undefined) return [];
  const { original, client, time } = parsed;
  const known = time ?? (entry.kind === 'file' ? entry.mtime : 0);
  const beside = [...path.slice(0, -1), original].join('/');
  return [{ path: path.join('/'), original: beside, client, time: msToTime(known) }];
}
