import { parseConflictName } from '../core/conflict-name.ts';
import type { HistoryLine } from './history.ts';

/** One thing that happened, in a sentence; names and paths in it are as they came. */
export interface Sentence {
  readonly cursor: number;
  readonly time: string;
  readonly text: string;
}

/**
 * What happened to nodes, in sentences, oldest first, from lines of the history in whatever order. Who did it
 * comes first, then what; what follows from the names is told too: that a file is a conflict copy, and of what.
 */
export function story(lines: readonly HistoryLine[]): Sentence[] {
  const sorted = [...lines].sort((a, b) => a.cursor - b.cursor);
  return sorted.map((line, index) => {
    const before = sorted.slice(0, index).findLast(({ node }) => node === line.node);
    return { cursor: line.cursor, time: line.time, text: sentence(line, before) };
  });
}

function sentence(line: HistoryLine, before: HistoryLine | undefined): string {
  const { operation, client_name: who, path } = line;
  const how = HOW[line.cause] ?? '';
  if (operation === 'create') {
    const again = before?.operation === 'delete' ? 'brought back' : 'created';
    return `${who} ${again} ${path}${what(line)}${how}.${copyOf(line)}`;
  }
  if (operation === 'delete') return `${who} deleted ${path}${what(line)}${how}.`;
  if (operation === 'move') {
    const edited = line.replaced === undefined ? '' : `, and ${edit(line)}`;
    return `${who} ${moved(line)}${edited}${how}.${copyOf(line)}${settled(line)}`;
  }
  return `${who} ${edit(line)}${how}.`;
}

/** What brought a change, where it is not a client that synchronizes. */
const HOW: Readonly<Record<string, string>> = {
  upload: ', by an upload',
  delete: ', over the plain interface',
  restore: ', from an old version',
  rewind: ', by going back in time',
};

function what({ kind, size }: HistoryLine): string {
  if (kind === 'directory') return ', a directory';
  if (kind === 'symlink') return ', a link';
  return size === undefined ? '' : ` (${bytes(size)})`;
}

const bytes = (size: number): string => `${size.toLocaleString('en')} byte${size === 1 ? '' : 's'}`;

function moved({ old_path: from = '', path }: HistoryLine): string {
  const [old, now] = [from.split('/'), path.split('/')];
  const isRename = old.slice(0, -1).join('/') === now.slice(0, -1).join('/');
  return `${isRename ? 'renamed' : 'moved'} ${from} to ${path}`;
}

function edit({ path, size = 0, replaced, merged_from: merged }: HistoryLine): string {
  if (replaced === undefined) return `gave ${path} another time or mode; its content stayed`;
  const change = `(${bytes(size)} instead of ${bytes(replaced.size)})`;
  if (merged === undefined) return `edited ${path} ${change}`;
  const versions = merged.map((one) => bytes(one.size)).join(' and ');
  const made = merged.length === 1 ? 'the version' : 'the versions';
  return (
    `merged the edits of both sides into ${path} ${change}: into the version before went ` +
    `${made} made meanwhile (${versions}), which the history keeps`
  );
}

/** Why there is a conflict copy. */
function copyOf({ path, old_path: from, client_name: who }: HistoryLine): string {
  const copy = parseConflictName(nameOf(path));
  if (copy === undefined || (from !== undefined && parseConflictName(nameOf(from)) !== undefined))
    return '';
  const { client, original, time } = copy;
  const when = time === undefined ? '' : `, of ${new Date(time).toISOString()},`;
  return (
    ` It is a conflict copy: two clients changed ${original} without knowing of each other, and ` +
    `${client}'s version${when} could not have the path, so ${who} kept it beside.`
  );
}

/** A conflict copy that gets another name is one no more. */
function settled({ path, old_path: from = '' }: HistoryLine): string {
  const isOne = parseConflictName(nameOf(path)) !== undefined;
  return !isOne && parseConflictName(nameOf(from)) !== undefined ? ' That settled a conflict.' : '';
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
