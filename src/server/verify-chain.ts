import { chainAfter } from './chain.ts';
import type { FolderName, HistoryRecord, MetadataStore } from './ports.ts';

/** Records read at a time. */
const PAGE = 1000;

export interface VerifiedChain {
  /** Commits whose records make the name that the chain has for them. */
  readonly verified: number;
  /** The last cursor of each commit that was changed. */
  readonly broken: readonly number[];
}

/**
 * Whether the history is the one that the chain names, from the newest commit back to where pruning has
 * begun: from there on records are missing on purpose. For `syncer-server check`; reads only.
 */
export async function verifyChain(
  metadata: Pick<MetadataStore, 'history' | 'chain'>,
  folder: FolderName,
): Promise<VerifiedChain> {
  const broken: number[] = [];
  let verified = 0;
  for await (const { commit, before, chain } of commitsOf(metadata, folder)) {
    if (chain !== undefined && chainAfter(before, commit) === chain) verified += 1;
    else broken.push(commit.at(-1)?.cursor ?? 0);
  }
  return { verified, broken };
}

interface Link {
  readonly commit: readonly HistoryRecord[];
  /** The chain before it, and after it. */
  readonly before: string;
  readonly chain: string | undefined;
}

/** Newest first, until a record is missing. */
async function* commitsOf(
  metadata: Pick<MetadataStore, 'history' | 'chain'>,
  folder: FolderName,
): AsyncIterable<Link> {
  let commit: HistoryRecord[] = [];
  let after: number | undefined;
  for await (const record of recordsOf(metadata, folder)) {
    // Also between two commits: of the older one the end may be missing.
    if (after !== undefined && after !== record.cursor + 1) return;
    after = record.cursor;
    commit.unshift(record);
    const before = await metadata.chain(folder, record.cursor - 1);
    if (before === undefined) continue;
    yield { commit, before, chain: await metadata.chain(folder, commit.at(-1)?.cursor ?? 0) };
    commit = [];
    if (record.cursor === 1) return;
  }
}

async function* recordsOf(
  metadata: Pick<MetadataStore, 'history'>,
  folder: FolderName,
): AsyncIterable<HistoryRecord> {
  let before: number | undefined;
  for (;;) {
    const range = before === undefined ? {} : { before };
    const page = await metadata.history(folder, { ...range, limit: PAGE });
    yield* page;
    before = page.at(-1)?.cursor;
    if (before === undefined || page.length < PAGE) return;
  }
}
