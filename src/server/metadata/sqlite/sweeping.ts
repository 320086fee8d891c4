import type { Database, Statement } from 'better-sqlite3';
import type { Manifest } from '../../../core/chunk.ts';
import type { ChunkPlace, Condemned, Move, PackUse, Unused } from '../../ports.ts';
import { toManifest, toPlace } from './chunks.ts';
import { fromHex, list, type Row, toHex } from './rows.ts';

type Named = [Buffer | null, Buffer | null, string | null];

/** What nothing needs any more, as one connection sees it. */
export class SweepingTables {
  readonly #manifestsAfter: Statement<unknown[], Row>;
  readonly #namedSince: Statement<unknown[], Named>;
  readonly #chunksOf: Statement<unknown[], Row>;
  readonly #since: Statement<unknown[], number>;
  readonly #note: Statement;
  readonly #drop: Statement;
  readonly #dropManifest: Statement;
  readonly #unnote: Statement;
  readonly #forget: Statement;
  readonly #pardon: Statement;
  readonly #condemn: Statement;
  readonly #release: Statement;
  readonly #due: Statement<unknown[], string>;
  readonly #packUse: Statement<unknown[], [string, number, number]>;
  readonly #chunksIn: Statement<unknown[], Row>;
  readonly #move: Statement;
  readonly #pruneCommits: Statement;

  constructor(database: Database) {
    this.#manifestsAfter = database
      .prepare<unknown[], Row>(
        `SELECT checksum, size, chunks FROM manifests
         WHERE folder = ? AND checksum > unhex(?) ORDER BY checksum LIMIT ?`,
      )
      .raw(true);
    this.#namedSince = database
      .prepare<unknown[], Named>(
        `SELECT before_checksum, after_checksum, merged_from FROM changes
         WHERE folder = ? AND cursor > ?`,
      )
      .raw(true);
    this.#chunksOf = database
      .prepare<unknown[], Row>(
        'SELECT checksum, size, chunks FROM manifests WHERE folder = ? AND checksum = ?',
      )
      .raw(true);
    this.#since = database
      .prepare<unknown[], number>('SELECT since FROM unused WHERE folder = ? AND hash = ?')
      .pluck();
    this.#note = database.prepare(
      `INSERT INTO unused (folder, hash, since, last) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET last = excluded.last`,
    );
    this.#drop = database.prepare(
      'DELETE FROM chunks WHERE folder = ? AND hash = ? AND pack = ? AND offset = ?',
    );
    this.#dropManifest = database.prepare(
      'DELETE FROM manifests WHERE folder = ? AND checksum = ?',
    );
    this.#unnote = database.prepare('DELETE FROM unused WHERE folder = ? AND hash = ?');
    this.#forget = database.prepare('DELETE FROM unused WHERE folder = ? AND last < ?');
    this.#pardon = database.prepare(
      `DELETE FROM condemned WHERE folder = ?
       AND pack NOT IN (SELECT value FROM json_each(?))`,
    );
    this.#condemn = database.prepare(
      `INSERT INTO condemned (folder, pack, since)
       SELECT ?, value, ? FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`,
    );
    this.#release = database.prepare(
      `DELETE FROM condemned AS c WHERE c.folder = ?
       AND (EXISTS (SELECT 1 FROM chunks s WHERE s.folder = c.folder AND s.pack = c.pack)
         OR EXISTS (SELECT 1 FROM quarantine q
                    WHERE q.folder = c.folder AND q.pack = c.pack AND q.end IS NULL))`,
    );
    this.#due = database
      .prepare<unknown[], string>(
        'SELECT pack FROM condemned WHERE folder = ? AND since <= ? ORDER BY pack',
      )
      .pluck();
    this.#packUse = database
      .prepare<unknown[], [string, number, number]>(
        'SELECT pack, count(*), sum(length) FROM chunks WHERE folder = ? GROUP BY pack',
      )
      .raw(true);
    this.#chunksIn = database
      .prepare<unknown[], Row>(
        `SELECT c.hash, c.size, c.pack, c.offset, c.length, c.encoding FROM json_each(?) j
         CROSS JOIN chunks c ON c.folder = ? AND c.pack = j.value ORDER BY c.pack, c.offset`,
      )
      .raw(true);
    this.#move = database.prepare(
      `UPDATE chunks SET pack = ?, offset = ?, length = ?, encoding = ?
       WHERE folder = ? AND hash = ? AND pack = ? AND offset = ?`,
    );
    this.#pruneCommits = database.prepare('DELETE FROM commits WHERE folder = ? AND time < ?');
  }

  manifestsAfter(folder: number, after: string, limit: number): Manifest[] {
    return this.#manifestsAfter.all(folder, after, limit).map(toManifest);
  }

  /** Within one transaction. */
  drop(folder: number, { since, chunks, manifests, now, before }: Unused): string[] {
    const { contents, parts } = this.#named(folder, since);
    for (const checksum of manifests)
      if (!contents.has(checksum)) this.#dropManifest.run(folder, fromHex(checksum));
    const unused = chunks.filter(({ hash }) => !parts.has(hash));
    return unused
      .filter((chunk) => this.#dropOne(folder, chunk, { now, before }))
      .map(({ hash }) => hash);
  }

  #dropOne(folder: number, chunk: ChunkPlace, { now, before }: Pick<Unused, 'now' | 'before'>) {
    const hash = fromHex(chunk.hash);
    const since = this.#since.get(folder, hash);
    if (since === undefined || since > before || since === now) {
      this.#note.run(folder, hash, now, now);
      return false;
    }
    this.#unnote.run(folder, hash);
    return this.#drop.run(folder, hash, chunk.pack, chunk.offset).changes > 0;
  }

  /** Every content that a later change names, and every chunk of those. */
  #named(folder: number, since: number): { contents: Set<string>; parts: Set<string> } {
    const contents = new Set<string>();
    for (const [before, after, merged] of this.#namedSince.iterate(folder, since)) {
      for (const checksum of [before, after]) if (checksum !== null) contents.add(toHex(checksum));
      const from = JSON.parse(merged ?? '[]') as readonly { readonly checksum: string }[];
      for (const { checksum } of from) contents.add(checksum);
    }
    const parts = new Set(contents);
    for (const checksum of contents)
      for (const row of this.#chunksOf.all(folder, fromHex(checksum)))
        for (const { hash } of toManifest(row).chunks) parts.add(hash);
    return { contents, parts };
  }

  forget(folder: number, now: number): void {
    this.#forget.run(folder, now);
  }

  condemn(folder: number, { packs, now, before }: Condemned): string[] {
    this.#pardon.run(folder, list(packs));
    this.#condemn.run(folder, now, list(packs));
    this.#release.run(folder);
    return this.#due.all(folder, before);
  }

  packUse(folder: number): Map<string, PackUse> {
    const rows = this.#packUse.all(folder);
    return new Map(rows.map(([pack, chunks, bytes]) => [pack, { chunks, bytes }]));
  }

  chunksIn(folder: number, packs: readonly string[]): ChunkPlace[] {
    return this.#chunksIn.all(list(packs), folder).map(toPlace);
  }

  move(folder: number, moves: readonly Move[]): void {
    for (const { from, to } of moves) {
      const target = [to.pack, to.offset, to.length, to.encoding];
      this.#move.run(...target, folder, fromHex(from.hash), from.pack, from.offset);
    }
  }

  pruneCommits(folder: number, before: number): number {
    return this.#pruneCommits.run(folder, before).changes;
  }
}
