import { setImmediate as nextTurn } from 'node:timers/promises';
import { type HeldVersion, type Tier, thinning } from '../core/thin.ts';
import type { Clock, FolderName, MetadataStore } from './ports.ts';
import type { VersionMark } from './thinned.ts';

export interface ThinParts {
  readonly metadata: Pick<MetadataStore, 'versionsAfter' | 'removeVersions' | 'clients'>;
  readonly folder: FolderName;
  readonly clock: Pick<Clock, 'now'>;
  /** null: nothing is thinned. */
  readonly tiers: readonly Tier[] | null;
  /** Ends it between two steps; what was done stays done. */
  readonly signal?: AbortSignal;
  /** Counts only. */
  readonly isDry?: boolean;
}

const DAY = 24 * 60 * 60 * 1000;
/** What a client that was away for so long goes on from is kept, so that what it edited meanwhile can be merged. */
const AWAY = 90 * DAY;
/** Records read at a time. */
const PAGE = 1_000;
/** Records removed at a time, at least. */
const MANY = 500;

/**
 * Removes the versions that the retention does not keep (decision 0021). Reads the whole history, in steps between which others have
 * their turn. Answers how many versions went, or would.
 */
export async function thinHistory(parts: ThinParts): Promise<number> {
  const { metadata, folder, clock, tiers, isDry = false } = parts;
  if (tiers === null) return 0;
  const now = clock.now();
  const retention = { tiers, now, agreed: await agreedOn(parts, now) };
  let removed = 0;
  let due: number[] = [];
  const remove = async (): Promise<void> => {
    removed += isDry ? due.length : await metadata.removeVersions(folder, due);
    due = [];
  };
  let [node, goes] = ['', thinning(retention)];
  for await (const page of versionsOf(parts)) {
    for (const version of page) {
      if (version.node !== node) [node, goes] = [version.node, thinning(retention)];
      if (goes(version)) due.push(version.cursor);
    }
    if (due.length >= MANY) await remove();
  }
  await remove();
  return removed;
}

/** Up to which cursors clients have everything. */
async function agreedOn({ metadata, folder }: ThinParts, now: number): Promise<number[]> {
  const clients = await metadata.clients(folder);
  const known = clients.filter(({ lastSeen }) => now - lastSeen < AWAY);
  return [...new Set(known.map(({ cursor }) => cursor))].sort((a, b) => a - b);
}

async function* versionsOf({ metadata, folder, signal }: ThinParts): AsyncGenerator<HeldVersion[]> {
  for (let after: VersionMark | undefined; signal?.aborted !== true; ) {
    const page = await metadata.versionsAfter(folder, { after, limit: PAGE });
    if (page.length > 0) yield page;
    after = page.at(-1);
    if (after === undefined || page.length < PAGE) return;
    await nextTurn();
  }
}
