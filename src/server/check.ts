import type { CheckedChunks } from './check-chunks.ts';
import { checkChunks } from './check-chunks.ts';
import { checkContents } from './check-contents.ts';
import { type Finding, Findings } from './check-findings.ts';
import { checkHistory } from './check-history.ts';
import { type CheckedTree, checkTree } from './check-tree.ts';
import { sizesOf } from './copy-packs.ts';
import { createPacks } from './packs.ts';
import type { FolderName, MetadataStore, ObjectStore } from './ports.ts';

export interface CheckParts {
  /** As of one moment, or of a server that writes nothing meanwhile. */
  readonly metadata: MetadataStore;
  readonly objects: ObjectStore;
  readonly folder: FolderName;
  /** Of the chunks, 0 to 100: read and verified. */
  readonly readPercent: number;
  /** At least 0, less than 1. */
  readonly random: () => number;
  /** What is wrong with the database's file, in sentences. */
  readonly damage: () => readonly string[];
  readonly progressed: (progress: CheckProgress) => void;
}

export interface CheckProgress {
  readonly step: 'database' | 'tree' | 'history' | 'chunks' | 'contents';
  readonly done: number;
}

export interface Checked {
  /** The first of them. */
  readonly findings: readonly Finding[];
  /** Of all of them; 0: everything is sound. */
  readonly broken: number;
  /** Living. */
  readonly nodes: number;
  readonly chunks: number;
  readonly chunksRead: number;
  /** What nothing refers to. It takes room, and is no fault: a commit may be under way. */
  readonly unreferenced: {
    readonly chunks: number;
    readonly packs: number;
    readonly bytes: number;
  };
}

const NO_CHUNKS: CheckedChunks = { chunks: 0, read: 0, broken: new Map() };
const NO_TREE: CheckedTree = { nodes: 0, pathOf: ({ name }) => name };

/**
 * Looks for everything that could be broken, and changes nothing. Never throws for what is broken: what cannot be read
 * is a finding. May run beside a server, when the metadata are of one moment: the packs that they name stay.
 */
export async function check(parts: CheckParts): Promise<Checked> {
  const { metadata, objects, folder, progressed } = parts;
  const findings = new Findings();
  const base = { metadata, folder, findings };
  let [tree, chunks, sizes] = [NO_TREE, NO_CHUNKS, new Map<string, number>()];
  let unreferenced = { chunks: 0, packs: 0, bytes: 0 };

  progressed({ step: 'database', done: 0 });
  await findings.attempt('database', 'The database', async () => {
    for (const sentence of parts.damage()) findings.add('database', sentence);
    if ((await metadata.folder(folder)) === undefined) {
      findings.add('database', `There is no folder called ${folder}. Restore a backup.`);
    }
  });
  await findings.attempt('tree', 'The tree', async () => {
    progressed({ step: 'tree', done: 0 });
    tree = await checkTree(base);
  });
  await findings.attempt('history', 'The history', async () => {
    progressed({ step: 'history', done: 0 });
    await checkHistory(base, tree);
  });
  await findings.attempt('objects', 'What is stored', async () => {
    sizes = await sizesOf(objects);
    const packs = createPacks({ objects, newName: neverNamed });
    const report = (done: number) => progressed({ step: 'chunks', done });
    chunks = await checkChunks({ ...parts, packs, sizes, progressed: report });
  });
  await findings.attempt('content', 'What the contents are made of', async () => {
    const report = (done: number) => progressed({ step: 'contents', done });
    const named = await checkContents({ ...base, tree, chunks, progressed: report });
    unreferenced = await countUnreferenced(parts, { named, sizes });
  });
  return {
    ...{ findings: findings.kept, broken: findings.count, nodes: tree.nodes, unreferenced },
    ...{ chunks: chunks.chunks, chunksRead: chunks.read },
  };
}

function neverNamed(): never {
  throw new Error('A check writes no packs.');
}

const PAGE = 1000;

async function countUnreferenced(
  { metadata, folder }: CheckParts,
  { named, sizes }: { named: ReadonlySet<string>; sizes: ReadonlyMap<string, number> },
): Promise<Checked['unreferenced']> {
  let [chunks, bytes] = [0, 0];
  for (let after = ''; ; ) {
    const page = await metadata.chunksAfter(folder, after, PAGE);
    const unnamed = page.filter(({ hash }) => !named.has(hash));
    chunks += unnamed.length;
    bytes += unnamed.reduce((sum, { length }) => sum + length, 0);
    if (page.length < PAGE) break;
    after = page.at(-1)?.hash ?? '';
  }
  const used = await metadata.packs(folder);
  const unused = [...sizes].filter(([pack]) => !used.has(pack));
  bytes += unused.reduce((sum, [, size]) => sum + size, 0);
  return { chunks, packs: unused.length, bytes };
}
