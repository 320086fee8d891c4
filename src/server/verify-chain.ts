import { chainAfter, ORIGIN } from './chain.ts';
import type { FolderName, HistoryRecord, MetadataStore } from './ports.ts';
import type { CommitLink } from './thinned.ts';

/** Records, or commits, read at a time. */
const PAGE = 1000;

export interface VerifiedChain {
  /** Commits whose records make the name that the chain has for them. */
  readonly verified: number;
  /** Commits that cannot be verified, because retention removed records of them, and no others are missing. */
  readonly thinned: number;
  /** The last cursor of each commit that was changed. */
  readonly broken: readonly number[];
  /** The last cursor of each commit with other records missing than were removed on purpose. */
  readonly lacking: readonly number[];
}

/**
 * Whether the history is the one that the chain names, commit by commit, from the newest back. For `syncer-server check`;
 * reads only.
 */
export async function verifyChain(
  metadata: Pick<MetadataStore, 'history' | 'commitsBefore'>,
  folder: FolderName,
): Promise<VerifiedChain> {
  const found = { verified: 0, thinned: 0, broken: [] as number[], lacking: [] as number[] };
  const records = recordsOf(metadata, folder);
  let { value: record } = await records.next();
  for await (const { link, before } of linksOf(metadata, folder)) {
    const commit: HistoryRecord[] = [];
    for (; record && record.cursor >= link.first; { value: record } = await records.next()) {
      if (record.cursor <= link.last) commit.push(record);
      else found.broken.push(record.cursor);
    }
    const verdict = judge(link, before, commit.reverse());
    if (verdict === 'verified' || verdict === 'thinned') found[verdict] += 1;
    else found[verdict].push(link.last);
  }
  return found;
}

function judge(
  { first, last, chain, removed }: CommitLink,
  before: string,
  commit: readonly HistoryRecord[],
): keyof VerifiedChain {
  if (commit.length + removed !== last - first + 1) return 'lacking';
  if (removed > 0) return 'thinned';
  return chainAfter(before, commit) === chain ? 'verified' : 'broken';
}

/** Newest first, each with the name of the history before it. */
async function* linksOf(
  metadata: Pick<MetadataStore, 'commitsBefore'>,
  folder: FolderName,
): AsyncGenerator<{ readonly link: CommitLink; readonly before: string }> {
  let link: CommitLink | undefined;
  for (;;) {
    const page = await metadata.commitsBefore(folder, { before: link?.last, limit: PAGE });
    for (const older of page) {
      if (link !== undefined) yield { link, before: older.chain };
      link = older;
    }
    if (page.length < PAGE) break;
  }
  if (link !== undefined) yield { link, before: ORIGIN };
}

async function* recordsOf(
  metadata: Pick<MetadataStore, 'history'>,
  folder: FolderName,
): AsyncGenerator<HistoryRecord, undefined> {
  let before: number | undefined;
  for (;;) {
    const range = before === undefined ? {} : { before };
    const page = await metadata.history(folder, { ...range, limit: PAGE });
    yield* page;
    before = page.at(-1)?.cursor;
    if (before === undefined || page.length < PAGE) return;
  }
}
