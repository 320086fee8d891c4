import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface FilesWanted {
  readonly files: number;
  readonly seed: number;
  /** Bytes; sizes are log-normal around it. Default: 4 KiB. */
  readonly median?: number;
}

const PER_DIRECTORY = 50;

/**
 * A tree like a project's: so many files in nested directories, half of them text, half of them
 * random bytes, the same for the same seed. Answers the bytes written.
 */
export function makeFiles(top: string, { files, seed, median = 4096 }: FilesWanted): number {
  const next = generator(seed);
  let bytes = 0;
  for (let index = 0; index < files; index += 1) {
    const group = Math.floor(index / PER_DIRECTORY);
    const directory = join(top, `part-${group % 20}`, `group-${group}`);
    if (index % PER_DIRECTORY === 0) mkdirSync(directory, { recursive: true });
    const size = Math.min(4_000_000, Math.round(median * Math.exp(1.2 * normal(next))));
    const content = index % 2 === 0 ? text(next, size) : noise(next, size);
    writeFileSync(join(directory, `file-${index}.${index % 2 === 0 ? 'txt' : 'bin'}`), content);
    bytes += content.length;
  }
  return bytes;
}

/** xorshift32 (Marsaglia, 2003). Answers 32 bits, never 0. */
function generator(seed: number): () => number {
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
const normal = (next: () => number): number =>
  Math.sqrt(-2 * Math.log(unit(next))) * Math.cos(2 * Math.PI * unit(next));

const WORDS = 'the a sync file tree node of chunk to and server client change is in'.split(' ');

function text(next: () => number, size: number): Buffer {
  const words: string[] = [];
  for (let length = 0; length < size; ) {
    const word = WORDS[next() % WORDS.length] ?? '';
    words.push(word);
    length += word.length + 1;
  }
  return Buffer.from(`${words.join(' ')} ${next()}`);
}

function noise(next: () => number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(Math.max(4, size));
  for (let at = 0; at + 4 <= bytes.length; at += 4) bytes.writeUInt32LE(next(), at);
  return bytes;
}
