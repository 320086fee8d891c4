import { type NodeId, ROOT, type Versioned } from '../core/entry.ts';
import type { Findings } from './check-findings.ts';
import type { FolderName, MetadataStore } from './ports.ts';

/** Nodes read at a time. */
const PAGE = 1000;
const WAY_OUT = 'Restore a backup, and keep this directory.';

export interface TreeParts {
  readonly metadata: MetadataStore;
  readonly folder: FolderName;
  readonly findings: Findings;
}

export interface CheckedTree {
  /** Living nodes. */
  readonly nodes: number;
  pathOf(entry: Versioned): string;
}

type Directories = ReadonlyMap<NodeId, Versioned>;

/**
 * Whether every living node hangs on the root by living directories, alone at its place. Holds the
 * directories in memory, not the files.
 */
export async function checkTree(parts: TreeParts): Promise<CheckedTree> {
  const directories = new Map<NodeId, Versioned>();
  let nodes = 0;
  for await (const page of nodePages(parts)) {
    nodes += page.length;
    for (const [id, entry] of page) if (entry.kind === 'directory') directories.set(id, entry);
  }
  const pathOf = (entry: Versioned): string => pathIn(directories, entry);
  for await (const page of nodePages(parts)) await checkPage(parts, { page, directories, pathOf });
  for (const ring of ringsIn(directories)) {
    const names = ring.map((id) => directories.get(id)?.name ?? id);
    const message = `${ring.length} directories lie inside one another in a ring. ${WAY_OUT}`;
    parts.findings.add('tree', message, names);
  }
  return { nodes, pathOf };
}

/** Every living node. */
export async function* nodePages({
  metadata,
  folder,
}: Omit<TreeParts, 'findings'>): AsyncGenerator<[NodeId, Versioned][]> {
  for (let after: NodeId | undefined; ; ) {
    const page = await metadata.allNodes(folder, { after, limit: PAGE });
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    after = page.at(-1)?.[0];
  }
}

interface Page {
  readonly page: readonly [NodeId, Versioned][];
  readonly directories: Directories;
  readonly pathOf: (entry: Versioned) => string;
}

async function checkPage(parts: TreeParts, { page, directories, pathOf }: Page): Promise<void> {
  const { metadata, folder, findings } = parts;
  const places = page.map(([, { parent, name }]) => ({ parent, name }));
  const there = new Map<string, NodeId[]>();
  for (const { place, node } of await metadata.named(folder, places)) {
    const key = keyOf(place);
    there.set(key, [...(there.get(key) ?? []), node]);
  }
  for (const [id, entry] of page) {
    const path = [pathOf(entry)];
    const isHeld = entry.parent === ROOT || directories.has(entry.parent);
    if (!isHeld) findings.add('tree', `Node ${id} lies in no directory. ${WAY_OUT}`, path);
    if (id === ROOT) findings.add('tree', `The root has an entry. ${WAY_OUT}`, path);
    const named = there.get(keyOf(entry)) ?? [];
    if (named.length === 1 && named[0] === id) continue;
    findings.add('tree', `Node ${id} is not alone at its place. ${WAY_OUT}`, path);
  }
}

const keyOf = ({ parent, name }: { readonly parent: NodeId; readonly name: string }): string =>
  JSON.stringify([parent, name]);

/** As far up as it goes: `?` stands for what is not there. */
function pathIn(directories: Directories, entry: Versioned): string {
  const names: string[] = [];
  const seen = new Set<Versioned>();
  for (let at: Versioned | undefined = entry; ; at = directories.get(at.parent)) {
    if (at === undefined || seen.has(at)) return ['?', ...names].join('/');
    names.unshift(at.name);
    if (at.parent === ROOT) return names.join('/');
    seen.add(at);
  }
}

function ringsIn(directories: Directories): NodeId[][] {
  const rings: NodeId[][] = [];
  const done = new Set<NodeId>([ROOT]);
  for (const start of directories.keys()) {
    const trail = new Set<NodeId>();
    let at: NodeId | undefined = start;
    while (at !== undefined && !done.has(at) && !trail.has(at)) {
      trail.add(at);
      at = directories.get(at)?.parent;
    }
    if (at !== undefined && trail.has(at)) {
      const ids = [...trail];
      rings.push(ids.slice(ids.indexOf(at)));
    }
    for (const id of trail) done.add(id);
  }
  return rings;
}
