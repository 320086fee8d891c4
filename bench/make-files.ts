import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { generator, noise, normal, prose } from './data/random.ts';

export interface FilesWanted {
  readonly files: number;
  readonly seed: number;
  /** Bytes; sizes are log-normal around it. Default: 4 KiB. */
  readonly median?: number;
}

export const PER_DIRECTORY = 50;

/** With a median of 4 KiB, 20,000 files have 202 MiB: their mean is exp(σ² / 2) medians. */
const SIGMA = 1.378;

/**
 * A tree like a project's: so many files in nested directories, half of them text, half of them
 * random bytes, the same for the same seed. Answers the bytes written.
 */
export function makeFiles(top: string, { files, seed, median = 4096 }: FilesWanted): number {
  const next = generator(seed);
  const [text, bytes] = [prose(seed + 1), noise(seed + 2)];
  let written = 0;
  for (let index = 0; index < files; index += 1) {
    const group = Math.floor(index / PER_DIRECTORY);
    const directory = join(top, `part-${group % 20}`, `group-${group}`);
    if (index % PER_DIRECTORY === 0) mkdirSync(directory, { recursive: true });
    const size = Math.max(1, Math.round(median * Math.exp(SIGMA * normal(next))));
    const isText = index % 2 === 0;
    const content = isText ? text(size) : bytes(size);
    writeFileSync(join(directory, `file-${index}.${isText ? 'txt' : 'bin'}`), content);
    written += size;
  }
  return written;
}

const PIECE = 1 << 20;

/** One file of random bytes, the same for the same seed. */
export function makeLarge(path: string, { size, seed }: { size: number; seed: number }): void {
  const bytes = noise(seed);
  const file = openSync(path, 'w');
  for (let at = 0; at < size; at += PIECE) writeSync(file, bytes(Math.min(PIECE, size - at)));
  closeSync(file);
}
