import { type Manifest, single } from '../core/chunk.ts';
import type { Versioned } from '../core/entry.ts';
import type { CheckedChunks } from './check-chunks.ts';
import { recordPages } from './check-history.ts';
import { type CheckedTree, nodePages, type TreeParts } from './check-tree.ts';
import type { HistoryRecord } from './ports.ts';

/** A content that something names. */
interface Named {
  readonly checksum: string;
  readonly size: number;
  readonly path: string;
}

const CHUNKS_AT_ONCE = 1000;

export interface ContentParts extends TreeParts {
  readonly tree: CheckedTree;
  readonly chunks: CheckedChunks;
  readonly progressed: (contents: number) => void;
}

/**
 * Whether every content of the tree and of the history has its manifest and all of its chunks. Answers the chunks that
 * are named: some 100 bytes of memory for each.
 */
export async function checkContents(parts: ContentParts): Promise<Set<string>> {
  const looking = new Looking(parts, await quarantinedOf(parts));
  for await (const page of nodePages(parts)) {
    await looking.at(page.flatMap(([, entry]) => inEntry(entry, parts.tree.pathOf(entry))));
  }
  for await (const page of recordPages(parts)) await looking.at(page.flatMap(inRecord));
  looking.tell();
  return looking.named;
}

function inEntry(entry: Versioned | undefined, path: string): Named[] {
  if (entry?.kind !== 'file') return [];
  return [{ checksum: entry.checksum, size: entry.size, path }];
}

function inRecord({ before, after, mergedFrom = [], path }: HistoryRecord): Named[] {
  const old = `${path} (history)`;
  const merged = mergedFrom.map(({ checksum, size }) => ({ checksum, size, path: old }));
  return [...inEntry(before, old), ...inEntry(after, old), ...merged];
}

/** Collects what is broken by chunk: one may be a part of many contents. */
class Looking {
  readonly named = new Set<string>();
  readonly #parts: ContentParts;
  readonly #quarantined: ReadonlySet<string>;
  readonly #broken = new Map<string, { readonly reason: string; readonly paths: Set<string> }>();
  readonly #mismatched = new Set<string>();
  #contents = 0;

  constructor(parts: ContentParts, quarantined: ReadonlySet<string>) {
    this.#parts = parts;
    this.#quarantined = quarantined;
  }

  async at(contents: readonly Named[]): Promise<void> {
    const { metadata, folder, progressed } = this.#parts;
    const unique = new Map(contents.map((one) => [`${one.checksum} ${one.size} ${one.path}`, one]));
    const checksums = [...new Set(contents.map(({ checksum }) => checksum))];
    const found = await metadata.manifests(folder, checksums);
    const manifests = new Map(found.map((one) => [one.checksum, one]));
    const pathsOf = new Map<string, Map<string, number>>();
    for (const one of unique.values()) {
      const manifest = manifests.get(one.checksum) ?? single(one);
      this.#addUp(one, manifest);
      for (const { hash, size } of manifest.chunks) {
        const paths = pathsOf.get(hash) ?? new Map<string, number>();
        pathsOf.set(hash, paths.set(one.path, size));
      }
    }
    const hashes = [...pathsOf.keys()];
    for (let at = 0; at < hashes.length; at += CHUNKS_AT_ONCE) {
      await this.#look(hashes.slice(at, at + CHUNKS_AT_ONCE), pathsOf);
    }
    this.#contents += unique.size;
    progressed(this.#contents);
  }

  #addUp({ checksum, size, path }: Named, manifest: Manifest): void {
    const sum = manifest.chunks.reduce((all, chunk) => all + chunk.size, 0);
    if (sum === size && manifest.size === size) return;
    const key = `${checksum} ${size}`;
    if (this.#mismatched.has(key)) return;
    this.#mismatched.add(key);
    const message =
      `Content ${checksum} has ${size} bytes, and its chunks ${sum}. ` +
      'Store the file anew from a client, or restore a backup.';
    this.#parts.findings.add('content', message, [path]);
  }

  async #look(
    hashes: readonly string[],
    pathsOf: ReadonlyMap<string, ReadonlyMap<string, number>>,
  ): Promise<void> {
    const { metadata, folder, chunks } = this.#parts;
    const places = await metadata.chunkPlaces(folder, hashes);
    const sizes = new Map(places.map(({ hash, size }) => [hash, size]));
    for (const hash of hashes) {
      this.named.add(hash);
      const size = sizes.get(hash);
      for (const [path, expected] of pathsOf.get(hash) ?? []) {
        const reason = this.#reasonOf(hash, { size, expected }) ?? chunks.broken.get(hash);
        if (reason !== undefined) this.#note(hash, reason, path);
      }
    }
  }

  #reasonOf(
    hash: string,
    { size, expected }: { readonly size: number | undefined; readonly expected: number },
  ): string | undefined {
    if (size === expected) return undefined;
    if (size !== undefined) return `it has ${size} bytes, and is named with ${expected}`;
    return this.#quarantined.has(hash) ? 'it is in quarantine' : 'it is not stored';
  }

  #note(hash: string, reason: string, path: string): void {
    const known = this.#broken.get(hash) ?? { reason, paths: new Set() };
    known.paths.add(path);
    this.#broken.set(hash, known);
  }

  tell(): void {
    for (const [hash, { reason, paths }] of this.#broken) {
      this.#parts.findings.add('content', `Chunk ${hash}: ${reason}. ${WAY_OUT}`, [...paths]);
    }
  }
}

const WAY_OUT =
  'A running server asks the clients for what it finds damaged; else copy the pack from a backup into objects, ' +
  'or store the file anew from a client.';

const QUARANTINED_AT_ONCE = 1000;

async function quarantinedOf({ metadata, folder }: TreeParts): Promise<Set<string>> {
  const hashes = new Set<string>();
  for (let before: number | undefined; ; ) {
    const range = before === undefined ? {} : { before };
    const page = { ...range, limit: QUARANTINED_AT_ONCE };
    const found = await metadata.quarantined(folder, page);
    for (const { hash } of found) hashes.add(hash);
    if (found.length < QUARANTINED_AT_ONCE) return hashes;
    before = found.at(-1)?.number;
  }
}
