import { createHash } from 'node:crypto';
import { cutParameters, cutter } from '../../src/core/cut.ts';
import { noise, prose } from '../data/random.ts';
import { type Timed, timeIt } from './time-it.ts';

const MIB = 2 ** 20;
const PIECE = MIB;

/** What every byte of a content goes through: is it cut, and is it hashed. */
export async function contents(): Promise<Timed[]> {
  const bytes = noise('micro')(64 * MIB);
  const text = prose(1)(16 * MIB);
  const gigabyte = 2 ** 30;
  return [
    await timeIt({
      what: 'cut random bytes, as of a 1 GiB file',
      run: () => cutAll(bytes, gigabyte),
      amount: { count: 64, unit: 'MiB' },
    }),
    await timeIt({
      what: 'cut text, as of a 16 MiB file',
      run: () => cutAll(text, text.length),
      amount: { count: 16, unit: 'MiB' },
    }),
    await timeIt({
      what: 'hash in pieces of 1 MiB (SHA-256)',
      run: () => hashAll(bytes, PIECE),
      amount: { count: 64, unit: 'MiB' },
    }),
    await timeIt({
      what: 'hash contents of 4 KiB',
      run: () => hashAll(bytes, 4096),
      amount: { count: 64 * 256, unit: 'contents' },
    }),
  ];
}

function cutAll(bytes: Uint8Array, size: number): number {
  const cutting = cutter(cutParameters(size));
  let chunks = 0;
  for (let at = 0; at < bytes.length; at += PIECE) {
    chunks += cutting.push(bytes.subarray(at, at + PIECE)).length;
  }
  return chunks + cutting.end().length;
}

function hashAll(bytes: Uint8Array, each: number): void {
  for (let at = 0; at < bytes.length; at += each) {
    createHash('sha256')
      .update(bytes.subarray(at, at + each))
      .digest('hex');
  }
}
