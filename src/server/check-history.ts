import { isDeepStrictEqual } from 'node:util';
import type { Versioned } from '../core/entry.ts';
import type { CheckedTree, TreeParts } from './check-tree.ts';
import type { HistoryRecord } from './ports.ts';
import { verifyChain } from './verify-chain.ts';

/** Records read at a time. */
const PAGE = 1000;
const WAY_OUT = 'Restore a backup, and keep this directory.';

/** Whether the nodes, the cursor and the chain are what the history says. */
export async function checkHistory(parts: TreeParts, tree: CheckedTree): Promise<void> {
  const { metadata, folder, findings } = parts;
  const { cursor = 0 } = (await metadata.folder(folder)) ?? {};
  const [newest] = await metadata.history(folder, { limit: 1 });
  const last = newest?.cursor ?? 0;
  if (last !== cursor) {
    const message = `The folder is at ${cursor}, its last change at ${last}. ${WAY_OUT}`;
    findings.add('history', message);
  }
  const living = await checkNodes(parts, tree, Math.max(cursor, last));
  if (living !== tree.nodes) {
    const message = `The history tells of ${living} living nodes, and there are ${tree.nodes}.`;
    findings.add('history', `${message} ${WAY_OUT}`);
  }
  const { broken, lacking } = await verifyChain(metadata, folder);
  for (const commit of broken) {
    const message = `The commit that ends at ${commit} is not the one that the chain names.`;
    findings.add('history', `${message} ${WAY_OUT}`);
  }
  for (const commit of lacking) {
    const message = `Of the commit that ends at ${commit}, records are missing that were not removed.`;
    findings.add('history', `${message} ${WAY_OUT}`);
  }
}

/** The records, the newest first. */
export async function* recordPages({
  metadata,
  folder,
}: Omit<TreeParts, 'findings'>): AsyncGenerator<HistoryRecord[]> {
  for (let before: number | undefined; ; ) {
    const range = before === undefined ? {} : { before };
    const page = await metadata.history(folder, { ...range, limit: PAGE });
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    before = page.at(-1)?.cursor;
  }
}

/** Answers how many nodes are alive by the history. */
async function checkNodes(
  { metadata, folder, findings }: TreeParts,
  { pathOf }: CheckedTree,
  until: number,
): Promise<number> {
  let living = 0;
  for (let since = 0; ; ) {
    const page = await metadata.changes(folder, { since, until, limit: PAGE });
    const nodes = await metadata.nodes(
      folder,
      page.map(({ node }) => node),
    );
    for (const { cursor, node, entry } of page) {
      if (entry !== undefined) living += 1;
      const now = nodes.get(node);
      if (isDeepStrictEqual(plain(now), plain(entry))) continue;
      const message = `Node ${node} is not what its last change, ${cursor}, made of it. ${WAY_OUT}`;
      const known = now ?? entry;
      findings.add('history', message, known === undefined ? [] : [pathOf(known)]);
    }
    if (page.length < PAGE) return living;
    since = page.at(-1)?.cursor ?? until;
  }
}

const plain = (entry: Versioned | undefined): unknown =>
  entry === undefined ? undefined : { ...entry };
