import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeId, Versioned } from '../../src/core/entry.ts';
import { openSqliteMetadata } from '../../src/server/metadata/sqlite/store.ts';
import { filesystemObjects } from '../../src/server/objects/filesystem.ts';
import { createPacks } from '../../src/server/packs.ts';
import type { HistoryRecord, MetadataStore } from '../../src/server/ports.ts';
import { generator } from '../data/random.ts';
import { chooseChanges, type PastSizes, type Wanted } from './choose-changes.ts';

const FOLDER = 'default';
/** Changes in one commit. */
const GROUP = 1_000;
/** Contents that the files hold in turns. */
const CONTENTS = 4_096;
/** Milliseconds over which the history is spread, up to now. */
const YEAR = 365 * 86_400_000;

/** A server's directory with so many files and so long a history, the same for the same seed but for its times. */
export async function fillStore(directory: string, sizes: PastSizes): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const metadata = await openSqliteMetadata({ path: join(directory, 'metadata.sqlite') });
  await metadata.openFolder(FOLDER, randomUUID());
  const contents = await storeContents(metadata, join(directory, 'objects'));
  const history = new History({ begin: Date.now() - YEAR, step: YEAR / sizes.records, contents });
  let commit: HistoryRecord[] = [];
  const store = async (): Promise<void> => {
    const records = commit;
    commit = [];
    await metadata.transaction(FOLDER, (tx) => tx.append(records));
  };
  for (const wanted of chooseChanges(sizes, generator(sizes.seed))) {
    commit.push(history.next(wanted));
    if (commit.length === GROUP) await store();
  }
  await store();
  await metadata.close();
}

interface Content {
  readonly checksum: string;
  readonly size: number;
}

/** Real ones, in packs, so that nothing of what is rewound counts as lost. */
async function storeContents(metadata: MetadataStore, directory: string): Promise<Content[]> {
  const objects = await filesystemObjects(directory);
  const packs = createPacks({ objects, newName: randomUUID });
  const chunks = Array.from({ length: CONTENTS }, (_, number) => {
    const bytes = Buffer.from(`what a file holds, number ${number}\n`.repeat(1 + (number % 50)));
    const hash = createHash('sha256').update(bytes).digest('hex');
    return { hash, size: bytes.length, bytes };
  });
  await metadata.addChunks(FOLDER, await packs.append(chunks));
  return chunks.map(({ hash: checksum, size }) => ({ checksum, size }));
}

interface Spread {
  /** Of the first change: milliseconds since 1970, and between two of them. */
  readonly begin: number;
  readonly step: number;
  readonly contents: readonly Content[];
}

/** Makes records of changes, as commits would. */
class History {
  readonly #spread: Spread;
  readonly #living = new Map<NodeId, Versioned>();
  #cursor = 0;

  constructor(spread: Spread) {
    this.#spread = spread;
  }

  next({ node, path, place }: Wanted): HistoryRecord {
    this.#cursor += 1;
    const cursor = this.#cursor;
    const before = this.#living.get(node);
    const after = place === undefined ? undefined : this.#entry(place, before);
    if (after === undefined) this.#living.delete(node);
    else this.#living.set(node, after);
    const operation = before === undefined ? 'create' : after === undefined ? 'delete' : 'update';
    const who = cursor % 3 === 0 ? 'ben' : 'anna';
    const time = Math.floor(this.#spread.begin + cursor * this.#spread.step);
    return {
      ...{ cursor, node, operation, path, time, cause: 'sync' },
      ...{ clientId: who, clientName: who, before, after },
    };
  }

  #entry(
    { kind, parent, name }: NonNullable<Wanted['place']>,
    before: Versioned | undefined,
  ): Versioned {
    const cursor = this.#cursor;
    const versions = {
      placeVersion: before?.placeVersion ?? cursor,
      contentVersion: cursor,
      author: 'anna',
    };
    if (kind === 'directory') return { kind, parent, name, ...versions };
    const { contents, begin } = this.#spread;
    const content = contents[cursor % contents.length] ?? { checksum: '', size: 0 };
    return {
      ...{ kind, parent, name, ...content, ...versions },
      ...{ mtime: Math.floor(begin) + cursor, executable: false },
    };
  }
}
