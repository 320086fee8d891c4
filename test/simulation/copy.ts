import { MemoryTree } from '../../src/core/tree.ts';
import type { MemoryDatabase } from '../../src/server/metadata/memory.ts';
import { MemoryFolder } from '../../src/server/metadata/memory-transaction.ts';
import { type MemoryObjects, memoryObjects } from '../../src/server/objects/memory.ts';

/** Everything that a server stores. */
export interface Stored {
  readonly database: MemoryDatabase;
  readonly objects: MemoryObjects;
}

/** As a backup has it: nothing that happens to one is seen in the other. */
export async function copyStored({ database, objects }: Stored, epoch?: string): Promise<Stored> {
  const copy = memoryObjects();
  for await (const { name } of objects.list()) {
    // What the disk does not give is not in the copy.
    if (!objects.unreadable.has(name)) await copy.put(name, await objects.get(name));
  }
  const folders = [...database].map(([name, folder]) => [name, copyFolder(folder, epoch)] as const);
  return { database: new Map(folders), objects: copy };
}

function copyFolder(folder: MemoryFolder, epoch = folder.epoch): MemoryFolder {
  const copy = new MemoryFolder(epoch);
  const fields = Object.entries(folder).map(([key, value]) => [key, copyField(value)]);
  return Object.assign(copy, Object.fromEntries(fields), { epoch });
}

/** One level deep: what is in there is never changed, but replaced. */
function copyField(value: unknown): unknown {
  if (value instanceof MemoryTree) return new MemoryTree(value.entries());
  if (value instanceof Map) return new Map(value);
  if (value instanceof Set) return new Set(value);
  return Array.isArray(value) ? value.map((one) => ({ ...one })) : value;
}
