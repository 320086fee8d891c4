import { type NodeId, sameBytes } from '../../core/entry.ts';
import type { ActivitySpan, ActivityStep, Found, NamesPage } from '../browsing.ts';
import { holdsText } from '../holds-text.ts';
import type { HistoryRecord } from '../ports.ts';
import { childrenIn, type MemoryFolder } from './memory-transaction.ts';

export function childrenPage(
  { tree }: MemoryFolder,
  parent: NodeId,
  { after, limit }: NamesPage,
): Found[] {
  return [...childrenIn(tree, [parent])]
    .filter(([, { name }]) => after === undefined || compareBytes(name, after) > 0)
    .sort(([, a], [, b]) => compareBytes(a.name, b.name))
    .slice(0, limit);
}

export function searchNames({ tree }: MemoryFolder, text: string, limit: number): Found[] {
  if (text === '') return [];
  const holds = holdsText(text);
  return [...tree.entries()]
    .filter(([, { name }]) => holds(name))
    .sort(([a, one], [b, other]) => compareBytes(one.name, other.name) || compareBytes(a, b))
    .slice(0, limit);
}

export function activity(
  { history }: MemoryFolder,
  { since, until, step }: ActivitySpan,
): ActivityStep[] {
  const within = history.filter(({ time }) => time >= since && time < until);
  return [...Map.groupBy(within, ({ time }) => Math.floor((time - since) / step))]
    .sort(([a], [b]) => a - b)
    .map(([at, records]) => ({ step: at, ...countsOf(records) }));
}

function countsOf(records: readonly HistoryRecord[]): Omit<ActivityStep, 'step'> {
  const count = (wanted: string): number =>
    records.filter(({ operation }) => operation === wanted).length;
  return {
    creates: count('create'),
    updates: count('update'),
    moves: count('move'),
    deletes: count('delete'),
    bytes: records.reduce((sum, record) => sum + bytesBrought(record), 0),
  };
}

function bytesBrought({ before, after }: HistoryRecord): number {
  if (after?.kind !== 'file') return 0;
  return before !== undefined && sameBytes(before, after) ? 0 : after.size;
}

export function removeClient({ clients, tokens }: MemoryFolder, clientId: string): boolean {
  tokens.delete(clientId);
  return clients.delete(clientId);
}

/** As a database orders text: not by UTF-16, which puts some planes before others. */
const compareBytes = (a: string, b: string): number =>
  Buffer.compare(Buffer.from(a), Buffer.from(b));
