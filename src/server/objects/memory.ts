import { ObjectFailure, type ObjectStore } from '../ports.ts';
import { mustBeName, mustBeRange } from './valid.ts';

/** An object store in memory, with knobs to make it fail as a real one does. */
export interface MemoryObjects extends ObjectStore {
  /** Bytes that fit in all; a put beyond them throws `full`. May be changed at any time. */
  capacity: number;
  /** Puts and gets asked for so far, those that failed too. */
  readonly asked: { puts: number; gets: number };
  /** What puts wait for before anything is there; undefined: nothing. */
  gate: Promise<void> | undefined;
  /** Lets the n-th put from now (1: the next one) throw this code, and leave nothing. */
  failPut(n: number, code: 'full' | 'unavailable'): void;
  /** Lets the n-th get from now (1: the next one) throw `unavailable`. */
  failGet(n: number): void;
  /** Objects for which the disk reports an error, at every get: `unavailable`. */
  readonly unreadable: Set<string>;
  /** What is there, whatever the disk reports of it. Must be there. */
  bytesOf(name: string): Uint8Array;
  /** What a bad disk does: replaces an object's bytes behind everybody's back. Must be there. */
  damage(name: string, change: (bytes: Uint8Array) => Uint8Array): void;
}

export function memoryObjects(options: { readonly capacity?: number } = {}): MemoryObjects {
  const objects = new Map<string, Uint8Array>();
  const failing = { puts: new Map<number, 'full' | 'unavailable'>(), gets: new Set<number>() };
  const store: MemoryObjects = {
    capacity: options.capacity ?? Number.POSITIVE_INFINITY,
    asked: { puts: 0, gets: 0 },
    gate: undefined,
    failPut: (n, code) => void failing.puts.set(store.asked.puts + n, code),
    failGet: (n) => void failing.gets.add(store.asked.gets + n),
    unreadable: new Set(),
    bytesOf: (name) => mustHave(objects, name).slice(),
    damage: (name, change) => void objects.set(name, change(mustHave(objects, name))),

    async put(name, bytes) {
      mustBeName(name);
      store.asked.puts += 1;
      const failure = failing.puts.get(store.asked.puts);
      const whole = await gather(bytes);
      await store.gate;
      if (failure !== undefined) throw new ObjectFailure(failure, 'the put was told to fail');
      if (objects.has(name)) return;
      const limited = store.capacity < Number.POSITIVE_INFINITY;
      if (limited && stored(objects) + whole.length > store.capacity) {
        throw new ObjectFailure('full', 'no space for the object');
      }
      objects.set(name, whole);
    },

    async get(name, range, into) {
      mustBeName(name);
      if (range) mustBeRange(range);
      store.asked.gets += 1;
      if (failing.gets.has(store.asked.gets)) {
        throw new ObjectFailure('unavailable', 'the get was told to fail');
      }
      if (store.unreadable.has(name))
        throw new ObjectFailure('unavailable', 'a bad place on the disk');
      const bytes = mustHave(objects, name);
      const { offset, length } = range ?? { offset: 0, length: bytes.length };
      if (offset + length > bytes.length) {
        throw new ObjectFailure('absent', 'the object ends before the range');
      }
      const asked = bytes.slice(offset, offset + length);
      if (into === undefined || into.length < length) return asked;
      into.set(asked);
      return into.subarray(0, length);
    },

    async delete(name) {
      mustBeName(name);
      objects.delete(name);
    },

    async *list() {
      for (const name of [...objects.keys()].sort()) {
        const bytes = objects.get(name);
        if (bytes) yield { name, size: bytes.length };
      }
    },
  };
  return store;
}

/** A copy: what the caller does with its bytes afterwards changes nothing here. */
async function gather(bytes: Parameters<ObjectStore['put']>[1]): Promise<Uint8Array> {
  if (bytes instanceof Uint8Array) return Uint8Array.from(bytes);
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(Uint8Array.from(part));
  return Uint8Array.from(Buffer.concat(parts));
}

function stored(objects: ReadonlyMap<string, Uint8Array>): number {
  return objects.values().reduce((sum, bytes) => sum + bytes.length, 0);
}

function mustHave(objects: ReadonlyMap<string, Uint8Array>, name: string): Uint8Array {
  const bytes = objects.get(name);
  if (!bytes) throw new ObjectFailure('absent', 'there is no such object');
  return bytes;
}
