import type { HistoryLine } from '../protocol/history.ts';
import { bytesText } from './quantity.ts';

/** `2026-11-22 14:03:55`, in UTC. */
export const lineTime = ({ time }: Pick<HistoryLine, 'time'>): string =>
  new Date(time).toISOString().slice(0, 19).replace('T', ' ');

/** How large what a line tells of is; of a directory or a link, what it is. */
export const lineSize = ({ kind, size }: Pick<HistoryLine, 'kind' | 'size'>): string =>
  size === undefined ? kind : bytesText(size);

/** What happened, in a few words: `edited, replaced 1.2 KiB`. Paths in it are as they came. */
export function lineText(line: HistoryLine): string {
  const { operation, old_path: from, replaced, merged_from: merged } = line;
  const edited = merged === undefined ? 'edited' : 'merged';
  const instead = replaced === undefined ? '' : `, replaced ${bytesText(replaced.size)}`;
  if (operation === 'create') return 'created';
  if (operation === 'delete') return 'deleted';
  if (operation === 'move') {
    return `moved from ${from ?? ''}${replaced === undefined ? '' : ` and ${edited}${instead}`}`;
  }
  return replaced === undefined ? 'given another time or mode' : `${edited}${instead}`;
}
