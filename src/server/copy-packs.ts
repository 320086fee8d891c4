import { ObjectFailure, type ObjectStore } from './ports.ts';

export interface CopyPacks {
  readonly from: Pick<ObjectStore, 'get'>;
  readonly to: ObjectStore;
  /** The bytes that each must have at least. */
  readonly packs: ReadonlyMap<string, number>;
  readonly progressed: (progress: CopyProgress) => void;
}

export interface CopyProgress {
  readonly packs: number;
  readonly packsTotal: number;
  /** That were copied; those that were there already are none. */
  readonly bytes: number;
}

export interface Copied {
  /** Packs that are nowhere, or too short everywhere. */
  readonly missing: readonly string[];
  readonly bytes: number;
}

const AT_ONCE = 4;

/**
 * Copies the packs that are not there yet. One that is there and long enough is never touched: what rots here does
 * not replace a good copy. Safe to interrupt and to repeat: each is whole or not there. Throws ObjectFailure.
 */
export async function copyPacks({ from, to, packs, progressed }: CopyPacks): Promise<Copied> {
  const there = await sizesOf(to);
  const missing: string[] = [];
  let [done, bytes] = [0, 0];
  const waiting = packs.entries();
  const worker = async (): Promise<void> => {
    for (const [name, atLeast] of waiting) {
      const known = there.get(name) ?? 0;
      const copied = known >= atLeast ? 0 : await copyPack({ from, to }, name, known);
      if (Math.max(known, copied) < atLeast) missing.push(name);
      done += 1;
      bytes += copied;
      progressed({ packs: done, packsTotal: packs.size, bytes });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { missing, bytes };
}

export async function sizesOf(objects: ObjectStore): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for await (const { name, size } of objects.list()) sizes.set(name, size);
  return sizes;
}

/** Answers the bytes copied. `known`: what is there already, and too little; a shorter one does not replace it. */
async function copyPack(
  { from, to }: Pick<CopyPacks, 'from' | 'to'>,
  name: string,
  known: number,
): Promise<number> {
  try {
    const bytes = await from.get(name);
    if (bytes.length <= known) return 0;
    if (known > 0) await to.delete(name);
    await to.put(name, bytes);
    return bytes.length;
  } catch (error) {
    if (error instanceof ObjectFailure && error.code === 'absent') return 0;
    throw error;
  }
}
