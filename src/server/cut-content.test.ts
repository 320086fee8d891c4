import { expect, it } from 'vitest';
import { bytesOf } from '../../test/memory-app.ts';
import { cutParameters, cutter, MAX_WHOLE_SIZE } from '../core/cut.ts';
import { cutContent } from './cut-content.ts';

const BYTES = bytesOf(3_000_000);

async function* inPieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function gather(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const gathered: Uint8Array[] = [];
  for await (const chunk of chunks) gathered.push(chunk);
  return gathered;
}

const cut = (bytes: Uint8Array, { size = 65_536, hint = bytes.length } = {}) =>
  gather(cutContent(inPieces(bytes, size), hint));

it('cuts where every client cuts, however the bytes come', async () => {
  const cutting = cutter(cutParameters(BYTES.length));
  const lengths = [...cutting.push(BYTES), ...cutting.end()];
  expect(lengths.length).toBeGreaterThan(10);
  for (const size of [1009, 65_536, 65_537, 1_000_000, BYTES.length]) {
    const chunks = await cut(BYTES, { size });
    expect(chunks.map(({ length }) => length)).toEqual(lengths);
    expect(Buffer.concat(chunks).equals(BYTES)).toBe(true);
  }
});

it('what is small is one chunk, whatever size was told', async () => {
  for (const length of [1, 1000, MAX_WHOLE_SIZE - 1, MAX_WHOLE_SIZE]) {
    for (const hint of [0, length, 2 ** 40]) {
      const chunks = await cut(BYTES.subarray(0, length), { size: 999, hint });
      expect(chunks.map((chunk) => chunk.length)).toEqual([length]);
    }
  }
  expect(await cut(BYTES.subarray(0, 0))).toEqual([]);
});

it('a wrong size costs sharing, never a byte', async () => {
  for (const hint of [0, 10, 2 ** 35]) {
    expect(Buffer.concat(await cut(BYTES, { hint })).equals(BYTES)).toBe(true);
  }
});

it('the chunks are copies: none keeps alive the buffer that it came in', async () => {
  const piece = Buffer.from(BYTES);
  const chunks = await cut(piece, { size: piece.length });
  piece.fill(0);
  expect(Buffer.concat(chunks).equals(BYTES)).toBe(true);
});
