import { describe, expect, it } from 'vitest';
import { hashOf, START } from '../../test/memory-app.ts';
import type { Change } from '../core/change.ts';
import { type Manifest, single } from '../core/chunk.ts';
import { memoryClock } from './clock-memory.ts';
import { type Committer, createCommitter } from './commit.ts';
import { type MemoryDatabase, MemoryMetadata } from './metadata/memory.ts';
import { memoryNotifier } from './notifier/memory.ts';
import { type MemoryObjects, memoryObjects } from './objects/memory.ts';
import { createPacks, type Packs } from './packs.ts';
import type { MetadataStore, ObjectStore } from './ports.ts';
import { storeChunks } from './store-chunks.ts';

const FOLDER = 'default';
const clock = memoryClock(START);

class Dead extends Error {}

/** What outlives the process. */
interface Disk {
  readonly database: MemoryDatabase;
  readonly objects: MemoryObjects;
}

interface Process {
  readonly metadata: MetadataStore;
  readonly packs: Packs;
  readonly committer: Committer;
}

/** Asked before and after every write of the process, and at the end of a transaction, before it is one. */
type Tick = () => void;

let serial = 0;

async function start({ database, objects }: Disk, tick: Tick): Promise<Process> {
  const metadata = mortal<MetadataStore>(new MemoryMetadata(database), tick);
  await metadata.openFolder(FOLDER, 'epoch-1');
  const newName = (): string => {
    serial += 1;
    return `pack-${serial}`;
  };
  const packs = createPacks({ objects: mortal<ObjectStore>(objects, tick), newName });
  const parts = { metadata, packs, notifier: memoryNotifier(), clock };
  const limits = { maxFileSize: 1e9, allowedExtensions: undefined };
  const committer = createCommitter({ ...parts, folder: FOLDER, limits, onCommitted: () => {} });
  return { metadata, packs, committer };
}

/** Its writes are done by a process that may end before or after any of them, and then does nothing more. */
function mortal<T extends object>(target: T, tick: Tick): T {
  const writes = ['put', 'delete', 'addChunks', 'transaction'];
  return new Proxy(target, {
    get(_, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      if (!writes.includes(String(name))) return method.bind(target);
      return async (...given: unknown[]) => {
        tick();
        const answer: unknown = await method.apply(target, given.map(asBody(tick)));
        tick();
        return answer;
      };
    },
  });
}

const asBody =
  (tick: Tick) =>
  (given: unknown): unknown => {
    if (typeof given !== 'function') return given;
    return async (tx: unknown) => {
      const answer: unknown = await given(tx);
      tick();
      return answer;
    };
  };

const chunkOf = (text: string) => {
  const bytes = Buffer.from(text);
  return { hash: hashOf(bytes), size: bytes.length, bytes };
};

const PARTS = ['1', '2', '3'].map((digit) => chunkOf(digit.repeat(40_000)));
const WHOLE = Buffer.concat(PARTS.map(({ bytes }) => bytes));
const LARGE: Manifest = {
  checksum: hashOf(WHOLE),
  size: WHOLE.length,
  chunks: PARTS.map(({ hash, size }) => ({ hash, size })),
};

const contentOf = ({ hash, size }: { hash: string; size: number }) => ({
  ...{ checksum: hash, size, mtime: 1, executable: false },
});

const create = (name: string, content: ReturnType<typeof contentOf>): Change => ({
  ...{ type: 'create', node: name, kind: 'file', place: { parent: 'root', name }, content },
});

/** What one client wants of the server; each step may be repeated. */
async function work({ metadata, packs, committer }: Process): Promise<void> {
  const [a, b] = [chunkOf('content of a'), chunkOf('content of b')];
  const send = async (key: string, changes: Change[], more: object = {}): Promise<void> => {
    const client = { clientId: 'anna', clientName: 'Anna', epoch: 'epoch-1', cause: 'sync' };
    const given = { manifests: [], chunks: [], ...more };
    const outcome = await committer.commit({ ...client, key, changes, ...given });
    expect(outcome.type, key).toBe('accepted');
  };
  await send('one', [create('a', contentOf(a)), create('b', contentOf(b))], { chunks: [a, b] });
  await storeChunks({ metadata, packs, folder: FOLDER }, PARTS.slice(0, 2));
  await storeChunks({ metadata, packs, folder: FOLDER }, PARTS);
  const large = contentOf({ hash: LARGE.checksum, size: LARGE.size });
  await send('two', [create('large', large)], { manifests: [LARGE] });
  const change = { ...contentOf(b), replaces: 1 };
  await send('three', [{ type: 'update', node: 'a', content: change }]);
  await send('four', [{ type: 'delete', node: 'b', replacesPlace: 2, replacesContent: 2 }]);
}

/** Contents of living nodes of which a chunk is not there, or is not what it was. */
async function dangling({ metadata, packs }: Process): Promise<string[]> {
  const found: string[] = [];
  const page = { after: undefined, limit: 99 };
  for (const [, entry] of await metadata.allNodes(FOLDER, page)) {
    if (entry.kind !== 'file') continue;
    const [manifest = single(entry)] = await metadata.manifests(FOLDER, [entry.checksum]);
    const hashes = manifest.chunks.map(({ hash }) => hash);
    const places = await metadata.chunkPlaces(FOLDER, hashes);
    const parts: Uint8Array[] = [];
    const byHash = new Map(places.map((place) => [place.hash, place]));
    const wanted = hashes.flatMap((hash) => byHash.get(hash) ?? []);
    for await (const { bytes } of packs.read(wanted)) parts.push(bytes);
    if (hashOf(Buffer.concat(parts)) !== entry.checksum) found.push(entry.name);
  }
  return found;
}

const newDisk = (): Disk => ({ database: new Map(), objects: memoryObjects() });

async function historyOf({ metadata }: Process): Promise<unknown[]> {
  const records = await metadata.history(FOLDER, { limit: 99 });
  return records.map(({ cursor, operation, path }) => `${cursor} ${operation} ${path}`);
}

describe('[D19] after a crash at whichever write', () => {
  it('nothing refers to what is not there, and the same work again comes to the same end', async () => {
    let ticks = 0;
    const plain = await start(newDisk(), () => {
      ticks += 1;
    });
    await work(plain);
    const [all, wanted] = [ticks, await historyOf(plain)];
    expect(all).toBeGreaterThan(20);
    for (let at = 1; at <= all; at += 1) {
      const disk = newDisk();
      let tick = 0;
      const first = await start(disk, () => {
        tick += 1;
        if (tick >= at) throw new Dead(`write ${at}`);
      });
      await expect(work(first), `write ${at}`).rejects.toThrow(Dead);
      const next = await start(disk, () => {});
      expect(await dangling(next), `write ${at}`).toEqual([]);
      await work(next);
      expect(await historyOf(next), `write ${at}`).toEqual(wanted);
      expect(await dangling(next), `write ${at}`).toEqual([]);
    }
  });
});
