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

const counts = new Uint32Array(256);
/** n · log2 n, for each count that a sample can have. */
const WEIGHTS = Float64Array.from({ length: SAMPLE + 1 }, (_, n) => (n < 2 ? 0 : n * Math.log2(n)));

/** Shannon's entropy of the bytes, with Miller and Madow's correction for a small sample. */
function bitsPerByte(sample: Uint8Array): number {
  const { length } = sample;
  counts.fill(0);
  // By index: to iterate costs several times as much.
  for (let at = 0; at < length; at += 1)
    counts[sample[at] as number] = (counts[sample[at] as number] as number) + 1;
  let weight = 0;
  let kinds = 0;
  for (let byte = 0; byte < 256; byte += 1) {
    const count = counts[byte] as number;
    if (count === 0) continue;
    kinds += 1;
    weight += WEIGHTS[count] as number;
  }
  return Math.log2(length) - weight / length + (kinds - 1) / (2 * Math.LN2 * length);
}
