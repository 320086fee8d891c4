import type { HeldVersion } from '../../core/thin.ts';
import type { FolderName, HistoryRecord } from '../ports.ts';
import { type CommitLink, isFixed, type Thinned, type VersionMark } from '../thinned.ts';
import { MemoryPast } from './memory-past.ts';
import type { MemoryFolder } from './memory-transaction.ts';

/** What is removed from a history in memory. */
export abstract class MemoryThinned extends MemoryPast implements Thinned {
  /** Throws for a folder that is not there. */
  protected abstract changed(name: FolderName): MemoryFolder;

  async versionsAfter(
    name: FolderName,
    { after, limit }: { readonly after: VersionMark | undefined; readonly limit: number },
  ): Promise<HeldVersion[]> {
    return this.past(name)
      .history.toSorted(newestFirst)
      .filter((record) => after === undefined || newestFirst(record, after) > 0)
      .slice(0, limit)
      .map(({ node, cursor, time, clientId, operation, mergedFrom }) => {
        const isMerge = mergedFrom !== undefined;
        return { node, cursor, time, clientId, isFixed: isFixed(operation, isMerge) };
      });
  }

  async removeVersions(name: FolderName, cursors: readonly number[]): Promise<number> {
    const folder = this.changed(name);
    const last = new Map(folder.history.map(({ node, cursor }) => [node, cursor]));
    const meant = new Set(cursors);
    return remove(folder, ({ node, cursor }) => meant.has(cursor) && last.get(node) !== cursor);
  }

  async pruneHistory(name: FolderName, before: number): Promise<number> {
    const folder = this.changed(name);
    const old = folder.history.filter(({ time }) => time < before);
    const last = new Map(old.map(({ node, cursor }) => [node, cursor]));
    return remove(folder, ({ node, cursor, time }) => time < before && last.get(node) !== cursor);
  }

  async commitsBefore(
    name: FolderName,
    { before = Infinity, limit }: { readonly before: number | undefined; readonly limit: number },
  ): Promise<CommitLink[]> {
    const { chain, removed } = this.past(name);
    const ends = [...chain].sort(([a], [b]) => a - b);
    const links = ends.slice(1).map(([last, name], at) => {
      const first = (ends[at]?.[0] ?? 0) + 1;
      return { first, last, chain: name, removed: removed.get(last) ?? 0 };
    });
    return links
      .filter(({ last }) => last < before)
      .toReversed()
      .slice(0, limit);
  }
}

const newestFirst = (a: VersionMark, b: VersionMark): number =>
  a.node === b.node ? b.cursor - a.cursor : a.node < b.node ? 1 : -1;

function remove(folder: MemoryFolder, goes: (record: HistoryRecord) => boolean): number {
  const gone = folder.history.filter(goes);
  const ends = [...folder.chain.keys()].sort((a, b) => a - b);
  for (const { cursor } of gone) {
    const last = ends.find((end) => end >= cursor) ?? cursor;
    folder.removed.set(last, (folder.removed.get(last) ?? 0) + 1);
  }
  const lost = new Set(gone);
  folder.history = folder.history.filter((record) => !lost.has(record));
  return gone.length;
}
