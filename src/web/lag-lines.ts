import type { KnownClient } from '../protocol/client-info.ts';
import { countOf, formatCount, formatDuration } from './format.ts';

/** How far a client is, in lines for a person. */
export function lagLines(client: KnownClient): string[] {
  const { keeps_directory: keeps = true, lag_changes: changes = 0, held = 0 } = client;
  if (!keeps) return ['Keeps no directory up to date'];
  const upTo = `Applied up to change ${formatCount(client.cursor)}`;
  return [
    behindText(changes, client.lag_seconds ?? 0),
    ...(held > 0 ? [`${countOf(held, 'path')} cannot proceed there`] : []),
    upTo,
  ];
}

const behindText = (changes: number, seconds: number): string =>
  changes === 0
    ? 'Has everything'
    : `${countOf(changes, 'change')} behind, for ${formatDuration(seconds)}`;
