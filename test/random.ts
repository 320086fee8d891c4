/** mulberry32 (T. Ettinger): a small seeded generator, good enough to choose with. Answers 0 up to 1. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const pickFrom =
  (next: () => number) =>
  <T>(from: readonly T[]): T =>
    from[Math.floor(next() * from.length)] as T;
