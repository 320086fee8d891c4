import { printable } from '../printable.ts';
import { bytesText, countText, durationText } from '../quantity.ts';
import { holdText } from '../show-hold.ts';
import type { Status } from './status.ts';

/** The status for a person. */
export function statusText(status: Status): string {
  const rows: readonly (readonly [string, string])[] = [
    ['client', status.client_name],
    ['folder', status.sync_directory],
    ['server', status.server],
    ['ignored', status.ignore_patterns.join(', ') || 'nothing'],
    ['files', filesText(status)],
    ['connection', connectionText(status)],
    ['lag', lagText(status)],
    ['applied', appliedText(status)],
    ['pending', status.pending === 0 ? 'nothing' : countText(status.pending, 'change')],
    ['problems', `${status.problems.length || 'none'}`],
    ...status.problems.map(({ path, message }) => ['', `${path}: ${message}`] as const),
    ['held', status.held.length === 0 ? 'nothing' : 'see syncer-client held'],
    ...status.held.map((hold) => ['', holdText(hold)] as const),
    ['conflicts', `${status.conflicts.length || 'none'}`],
    ...status.conflicts.map(({ path }) => ['', path] as const),
    ['log', `${status.state_directory}/client.log`],
  ];
  return `${rows.map(([name, value]) => `${name.padEnd(12)}${printable(value)}`).join('\n')}\n`;
}

const filesText = ({ files, directories, bytes }: Status): string => {
  const below = `${directories.toLocaleString('en')} ${directories === 1 ? 'directory' : 'directories'}`;
  return `${countText(files, 'file')} in ${below}, ${bytesText(bytes)}`;
};

function connectionText({ connection, reason, pid, last_seen: last }: Status): string {
  if (connection === 'not_running') {
    const seen = last === null ? '' : `; one last ran at ${last}`;
    return `no client is running (start one: syncer-client start)${seen}`;
  }
  const why = reason === null ? '' : `: ${reason}`;
  return `${connection}${why} (process ${pid})`;
}

function lagText({ in_sync: inSync, lag_seconds: lag }: Status): string {
  if (inSync === null) return 'unknown while no client is running';
  return inSync ? 'none: in sync' : `not in sync for ${durationText((lag ?? 0) * 1000)}`;
}

function appliedText({ applied_cursor: cursor, lag_changes: lag, running }: Status): string {
  if (cursor === null) return running ? 'not known yet' : 'unknown while no client is running';
  const upTo = `everything up to change ${cursor.toLocaleString('en')}`;
  return lag === null || lag === 0 ? upTo : `${upTo}, ${countText(lag, 'change')} behind`;
}
