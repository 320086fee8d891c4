import type { Database, Statement } from 'better-sqlite3';
import { CHUNK_BYTES, HASH_BYTES } from './chunks.ts';
import type { Row } from './rows.ts';

/** Rows of one step: what is read before others have their turn. */
const ROWS = 5_000;
/** Manifests may be large: 36 bytes a chunk. */
const MANIFESTS = 100;

/**
 * Which contents a chunk is a part of, and whether anything still names them, as one connection sees it. No index serves
 * this: it is asked when something rotted, and looks through everything, in steps.
 */
export class ContentSearch {
  readonly #manifests: Statement<unknown[], [Buffer, Buffer]>;
  readonly #nodes: Statement<unknown[], [string, Buffer | null]>;
  readonly #changes: Statement<unknown[], Row>;
  readonly #last: Statement<unknown[], number>;

  constructor(database: Database) {
    this.#manifests = database
      .prepare<unknown[], [Buffer, Buffer]>(
        `SELECT checksum, chunks FROM manifests WHERE folder = ? AND checksum > ?
         ORDER BY checksum LIMIT ${MANIFESTS}`,
      )
      .raw(true);
    this.#nodes = database
      .prepare<unknown[], [string, Buffer | null]>(
        `SELECT id, checksum FROM nodes WHERE folder = ? AND id > ? ORDER BY id LIMIT ${ROWS}`,
      )
      .raw(true);
    this.#changes = database
      .prepare<unknown[], Row>(
        `SELECT before_checksum, after_checksum, merged_from FROM changes
         WHERE folder = ? AND cursor > ? AND cursor <= ?`,
      )
      .raw(true);
    this.#last = database
      .prepare<unknown[], number>('SELECT coalesce(max(cursor), 0) FROM changes WHERE folder = ?')
      .pluck();
  }

  /** Each step is short; the answer comes with the last one. */
  *steps(folder: number, hashes: readonly string[]): Generator<void, Map<string, string[]>> {
    const keys = hashes.map((hash) => keyOf(Buffer.from(hash, 'hex')));
    const parts = new Map(keys.map((key) => [key, [key]]));
    yield* this.#findParts(folder, parts);
    const asked = new Set([...parts.values()].flat());
    const named = new Set<string>();
    const note = (checksum: Buffer | null): void => {
      if (checksum !== null && asked.has(keyOf(checksum))) named.add(keyOf(checksum));
    };
    yield* this.#lookThroughNodes(folder, note);
    yield* this.#lookThroughChanges(folder, note);
    return onlyNamed(parts, named);
  }

  *#findParts(folder: number, parts: ReadonlyMap<string, string[]>): Generator<void> {
    for (let after = Buffer.alloc(0); ; ) {
      const page = this.#manifests.all(folder, after);
      for (const [checksum, chunks] of page) {
        for (let at = 0; at < chunks.length; at += CHUNK_BYTES) {
          parts.get(keyOf(chunks, at))?.push(keyOf(checksum));
        }
      }
      yield;
      const last = page.at(-1);
      if (last === undefined) return;
      after = Buffer.from(last[0]);
    }
  }

  *#lookThroughNodes(folder: number, note: (checksum: Buffer | null) => void): Generator<void> {
    for (let after = ''; ; ) {
      const page = this.#nodes.all(folder, after);
      for (const [, checksum] of page) note(checksum);
      yield;
      const last = page.at(-1);
      if (last === undefined) return;
      [after] = last;
    }
  }

  *#lookThroughChanges(folder: number, note: (checksum: Buffer | null) => void): Generator<void> {
    const last = this.#last.get(folder) ?? 0;
    for (let after = 0; after < last; after += ROWS) {
      for (const row of this.#changes.all(folder, after, after + ROWS)) {
        const [before, now, merged] = row as [Buffer | null, Buffer | null, string | null];
        note(before);
        note(now);
        for (const checksum of merged === null ? [] : checksumsIn(merged)) note(checksum);
      }
      yield;
    }
  }
}

/** Of 32 bytes: quicker to make than hex, and a key just as good. */
const keyOf = (bytes: Buffer, at = 0): string => bytes.toString('latin1', at, at + HASH_BYTES);

const checksumsIn = (merged: string): Buffer[] =>
  (JSON.parse(merged) as { readonly checksum: string }[]).map(({ checksum }) =>
    Buffer.from(checksum, 'hex'),
  );

const hexOf = (key: string): string => Buffer.from(key, 'latin1').toString('hex');

function onlyNamed(
  parts: ReadonlyMap<string, readonly string[]>,
  named: ReadonlySet<string>,
): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [hash, contents] of parts) {
    const wanted = [...new Set(contents)].filter((checksum) => named.has(checksum));
    if (wanted.length > 0) found.set(hexOf(hash), wanted.map(hexOf));
  }
  return found;
}
