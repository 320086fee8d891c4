import type { ClientState } from '../../ports.ts';
import { prepare } from './prepare.ts';
import type { Source } from './reading.ts';

/**
 * Counts the local tree: what is synced, without what local overrides of it, and what local says
 * instead.
 */
export function countsOf(source: Source): ClientState['counts'] {
  const sums = prepare(
    source,
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
