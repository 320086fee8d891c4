/**
 * A set of SHA-256 hashes that never forgets one it was given, and now and then claims one that it was not (Bloom, 1970):
 * with 16 bits for each, fewer than one in a thousand. Its size does not depend on what is in it.
 */
export interface Bloom {
  /** `hash`: 64 hex digits. */
  add(hash: string): void;
  has(hash: string): boolean;
}

const BITS_EACH = 16;
/** Bits of the filter that one hash sets. */
const SLICES = 8;

/** For about so many hashes. With more of them it claims more that it was not given. */
export function bloom(expected: number): Bloom {
  const bits = Math.max(1024, expected * BITS_EACH);
  const bytes = new Uint8Array(Math.ceil(bits / 8));
  return {
    add(hash) {
      for (const at of placesOf(hash, bits))
        bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (1 << (at & 7));
    },
    has: (hash) =>
      placesOf(hash, bits).every((at) => ((bytes[at >> 3] ?? 0) & (1 << (at & 7))) !== 0),
  };
}

/** A hash is chance already: its parts serve as the hashes of the filter. */
const placesOf = (hash: string, bits: number): number[] =>
  Array.from(
    { length: SLICES },
    (_, at) => Number.parseInt(hash.slice(at * 8, at * 8 + 8), 16) % bits,
  );
