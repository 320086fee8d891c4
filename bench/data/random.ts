import { createCipheriv, createHash } from 'node:crypto';

/** xorshift32 (Marsaglia, 2003). Answers 32 bits, never 0. */
export function generator(seed: number): () => number {
  let state = (seed * 2_654_435_761) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

const unit = (next: () => number): number => (next() + 1) / 4_294_967_297;

/** Box–Muller. */
export const normal = (next: () => number): number =>
  Math.sqrt(-2 * Math.log(unit(next))) * Math.cos(2 * Math.PI * unit(next));

/** Bytes without end that no program can make smaller, the same for the same seed. */
export function noise(seed: number | string): (size: number) => Buffer {
  const key = createHash('sha256').update(`noise ${seed}`).digest();
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  return (size) => cipher.update(Buffer.alloc(size));
}

/** Text like people's and programs': lines of words, few of them used often, most of them seldom. */
export function prose(seed: number): (size: number) => Buffer {
  const next = generator(seed);
  const words = vocabulary(next);
  return (size) => {
    const text = Buffer.allocUnsafe(size);
    for (let at = 0; at < size; ) {
      // Squared: the first words of the list come far more often.
      const rank = Math.floor(unit(next) ** 2 * words.length);
      at += text.write(words[rank] ?? '', at, 'latin1');
    }
    return text;
  };
}

function vocabulary(next: () => number): string[] {
  const letters = 'etaoinshrdlucmfwypvbgkqjxz';
  return Array.from({ length: 4096 }, (_, index) => {
    const length = 2 + (next() % 9);
    const word = Array.from({ length }, () => letters[Math.floor(unit(next) ** 2 * 26)]).join('');
    return word + (index % 11 === 0 ? '\n' : ' ');
  });
}
