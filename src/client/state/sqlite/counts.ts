import type Database from 'better-sqlite3';
import type { ClientState } from '../../ports.ts';
import { prepare } from './prepare.ts';

/**
 * Counts the local tree: what is synced, without what local overrides of it, and what local says
 * instead.
 */
export function countsOf(database: Database.Database): ClientState['counts'] {
  const sums = prepare(
    database,
    `SELECT ifnull(sum(kind = 'file'), 0), ifnull(sum(kind = 'directory'), 0), ifnull(sum(size), 0)
     FROM (
       SELECT kind, size FROM synced
         WHERE NOT EXISTS (SELECT 1 FROM local WHERE local.id = synced.id)
       UNION ALL SELECT kind, size FROM local
     )`,
  );
  return () => {
    const [files, directories, bytes] = sums.get() as unknown as [number, number, number];
    return { files, directories, bytes };
  };
}
