import type { Database, Statement } from 'better-sqlite3';
import { unpackHashes } from './chunks.ts';
import { list, type Row, toHex } from './rows.ts';

/** Which contents a chunk is a part of, as one connection sees it. No index serves this: it is asked when something rotted. */
export class ContentSearch {
  readonly #manifests: Statement<unknown[], Row>;
  readonly #named: Statement<unknown[], string>;

  constructor(database: Database) {
    this.#manifests = database
      .prepare<unknown[], Row>(
        `SELECT m.checksum, m.chunks FROM manifests m WHERE m.folder = @folder AND EXISTS
         (SELECT 1 FROM json_each(@hashes) j WHERE instr(m.chunks, unhex(j.value)) > 0)`,
      )
      .raw(true);
    this.#named = database
      .prepare<unknown[], string>(
        `WITH asked (checksum) AS MATERIALIZED (SELECT unhex(value) FROM json_each(@checksums))
         SELECT lower(hex(checksum)) FROM (
           SELECT checksum FROM nodes WHERE folder = @folder AND checksum IN asked
           UNION SELECT before_checksum FROM changes
             WHERE folder = @folder AND before_checksum IN asked
           UNION SELECT after_checksum FROM changes
             WHERE folder = @folder AND after_checksum IN asked
           UNION SELECT unhex(m.value ->> 'checksum') AS merged
             FROM changes, json_each(merged_from) m
             WHERE folder = @folder AND merged_from IS NOT NULL AND merged IN asked)`,
      )
      .pluck();
  }

  with(folder: number, hashes: readonly string[]): Map<string, string[]> {
    const parts = new Map(hashes.map((hash) => [hash, [hash]]));
    for (const [checksum, chunks] of this.#manifests.all({ folder, hashes: list(hashes) })) {
      for (const hash of unpackHashes(chunks as Buffer)) {
        parts.get(hash)?.push(toHex(checksum as Uint8Array));
      }
    }
    const checksums = list([...new Set([...parts.values()].flat())]);
    const named = new Set(this.#named.all({ folder, checksums }));
    return onlyNamed(parts, named);
  }
}

function onlyNamed(
  parts: ReadonlyMap<string, readonly string[]>,
  named: ReadonlySet<string>,
): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [hash, contents] of parts) {
    const wanted = [...new Set(contents)].filter((checksum) => named.has(checksum));
    if (wanted.length > 0) found.set(hash, wanted);
  }
  return found;
}
