import type { FileInfo } from '../protocol/file-info.ts';
import { timeToMs } from '../protocol/time.ts';

export type Verdict = 'upload' | 'download' | 'nothing' | 'conflict';

type Relation =
  | 'only-here'
  | 'only-there'
  | 'same'
  | 'other-kind'
  | 'newer-here'
  | 'newer-there'
  | 'as-old';

/** The contract's analysis. A tie of times is a conflict: neither copy is known to be the later one. */
const VERDICTS: Record<Relation, Verdict> = {
  'only-here': 'upload',
  'only-there': 'download',
  same: 'nothing',
  'other-kind': 'conflict',
  'newer-here': 'upload',
  'newer-there': 'conflict',
  'as-old': 'conflict',
};

export interface Comparison {
  readonly uploads: FileInfo[];
  readonly downloads: FileInfo[];
  /** Paths. */
  readonly conflicts: string[];
}

/** What a client has (`here`) against what the server has (`there`), path by path. Of a path told twice the last counts. */
export function compare(here: Iterable<FileInfo>, there: Iterable<FileInfo>): Comparison {
  const mine = new Map<string, FileInfo>();
  for (const info of here) mine.set(info.path, info);
  const comparison: Comparison = { uploads: [], downloads: [], conflicts: [] };
  for (const info of there) {
    settle(comparison, mine.get(info.path), info);
    mine.delete(info.path);
  }
  for (const info of mine.values()) settle(comparison, info, undefined);
  return comparison;
}

function settle(
  { uploads, downloads, conflicts }: Comparison,
  here: FileInfo | undefined,
  there: FileInfo | undefined,
): void {
  const verdict = VERDICTS[relationOf(here, there)];
  if (verdict === 'upload' && here !== undefined) uploads.push(here);
  if (verdict === 'download' && there !== undefined) downloads.push(there);
  if (verdict === 'conflict' && here !== undefined) conflicts.push(here.path);
}

function relationOf(here: FileInfo | undefined, there: FileInfo | undefined): Relation {
  if (here === undefined) return 'only-there';
  if (there === undefined) return 'only-here';
  const isDirectory = here.is_directory ?? false;
  if (isDirectory !== (there.is_directory ?? false)) return 'other-kind';
  if (isDirectory || here.checksum === there.checksum) return 'same';
  const lead = timeToMs(here.modified_time) - timeToMs(there.modified_time);
  return lead > 0 ? 'newer-here' : lead < 0 ? 'newer-there' : 'as-old';
}
