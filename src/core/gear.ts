/**
 * 256 random words, one a byte value: the gear hash of the last 32 bytes is the sum of their words,
 * each shifted left by its distance from the end.
 *
 * The first 256 outputs of splitmix32 from the seed 1 (a Weyl sequence of step 0x9e3779b9 through a
 * 32-bit finalizer). A part of the format: with another table the same file is cut elsewhere.
 */
export const GEAR: Int32Array = Int32Array.from({ length: 256 }, (_, byte) => splitmix32(1, byte));

/** The output number `index`, from 0. */
function splitmix32(seed: number, index: number): number {
  let word = (seed + Math.imul(index + 1, 0x9e3779b9)) | 0;
  word = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
  word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
  return word ^ (word >>> 15);
}
