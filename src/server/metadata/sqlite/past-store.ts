import type { NodeId, Versioned } from '../../../core/entry.ts';
import type { HeldVersion } from '../../../core/thin.ts';
import type {
  CommitSpan,
  DeletedNode,
  DeletionsQuery,
  Past,
  PastPage,
  PastPageAnswer,
  PastPlace,
} from '../../past.ts';
import type { FolderName } from '../../ports.ts';
import type { CommitLink, Thinned, VersionMark } from '../../thinned.ts';
import type { Tables } from './tables.ts';

/** Cursors, or records, that are looked at before others may write. */
export const PRUNED_AT_ONCE = 500;
/** Records that lie wherever their nodes were edited: each costs a page of every index. */
const REMOVED_AT_ONCE = 100;

/** What the folder was, and what is removed of that. */
export abstract class SqlitePast implements Past, Thinned {
  /** Several statements see one state. */
  protected abstract read<T>(folder: FolderName, body: (key: number, tables: Tables) => T): T;
  protected abstract write<T>(
    folder: FolderName,
    body: (key: number, tables: Tables) => T,
  ): Promise<T>;

  /** Others have their turn between the steps, each of which sees one state. */
  protected abstract inSteps<T>(
    folder: FolderName,
    body: (key: number, tables: Tables) => Generator<void, T>,
  ): Promise<T>;

  async lastCommit(
    folder: FolderName,
    to: { readonly cursor: number } | { readonly time: number },
  ): Promise<number> {
    return this.read(folder, (key, { past }) => past.lastCommit(key, to));
  }

  async commitOf(folder: FolderName, cursor: number): Promise<CommitSpan | undefined> {
    return this.read(folder, (key, { past }) => past.commitOf(key, cursor));
  }

  async timeAfter(folder: FolderName, cursor: number): Promise<number | undefined> {
    return this.read(folder, (key, { history }) => history.timeAfter(key, cursor));
  }

  async changedSince(folder: FolderName, page: PastPage): Promise<PastPageAnswer> {
    return this.read(folder, (key, { past }) => past.changedSince(key, page));
  }

  async changedAt(folder: FolderName, wanted: PastPlace): Promise<NodeId | undefined> {
    return this.inSteps(folder, (key, { past }) => past.changedAt(key, wanted));
  }

  async entriesAt(
    folder: FolderName,
    at: number,
    nodes: readonly NodeId[],
  ): Promise<Map<NodeId, Versioned>> {
    return this.read(folder, (key, { past }) => past.entriesAt(key, at, nodes));
  }

  async deletions(folder: FolderName, query: DeletionsQuery): Promise<DeletedNode[]> {
    return this.read(folder, (key, { past }) => past.deletions(key, query));
  }

  async versionsAfter(
    folder: FolderName,
    page: { readonly after: VersionMark | undefined; readonly limit: number },
  ): Promise<HeldVersion[]> {
    return this.read(folder, (key, { versions }) => versions.page(key, page));
  }

  async removeVersions(folder: FolderName, cursors: readonly number[]): Promise<number> {
    let removed = 0;
    for (let at = 0; at < cursors.length; at += REMOVED_AT_ONCE) {
      const some = cursors.slice(at, at + REMOVED_AT_ONCE);
      removed += await this.write(folder, (key, { versions }) => versions.remove(key, some));
    }
    return removed;
  }

  /** In steps, so that it holds nobody up; each step is whole. */
  async pruneHistory(folder: FolderName, before: number): Promise<number> {
    let pruned = 0;
    const last = this.read(folder, (key, { history }) => history.last(key));
    for (let after = 0; after < last; after += PRUNED_AT_ONCE) {
      const step = { after, until: after + PRUNED_AT_ONCE, before };
      pruned += await this.write(folder, (key, { versions }) => versions.prune(key, step));
    }
    return pruned;
  }

  async commitsBefore(
    folder: FolderName,
    { before, limit }: { readonly before: number | undefined; readonly limit: number },
  ): Promise<CommitLink[]> {
    const until = before ?? Number.MAX_SAFE_INTEGER;
    return this.read(folder, (key, { versions }) => versions.commits(key, until, limit));
  }
}
