const SAMPLE = 4096;
/** Bytes. Shorter chunks are stored as they are: there is little to save. */
const SMALLEST = 256;
/** Of the 8 bits of a byte; below, at least a tenth is saved. */
const DENSE = 7.2;

/**
 * Whether compressing is worth a try: whether a sample from the chunk's middle (a file's beginning
 * tells of its header only) holds clearly fewer than 8 bits in a byte. What is compressed or
 * encrypted already holds all of 8. Some microseconds, where zstd itself takes tens for a sample.
 */
export function probe(bytes: Uint8Array): boolean {
  if (bytes.length < SMALLEST) return false;
  const start = Math.max(0, (bytes.length - SAMPLE) >> 1);
  return bitsPerByte(bytes.subarray(start, start + SAMPLE)) < DENSE;
}

/** Shannon's entropy of the bytes, with Miller and Madow's correction for a small sample. */
function bitsPerByte(sample: Uint8Array): number {
  const counts = new Uint32Array(256);
  for (const byte of sample) counts[byte] = (counts[byte] ?? 0) + 1;
  let bits = 0;
  let kinds = 0;
  for (const count of counts) {
    if (count === 0) continue;
    kinds += 1;
    bits -= (count / sample.length) * Math.log2(count / sample.length);
  }
  return bits + (kinds - 1) / (2 * Math.LN2 * sample.length);
}
