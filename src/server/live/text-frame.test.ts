import { expect, it } from 'vitest';
import { textFrame } from './text-frame.ts';

/** What is in a frame of RFC 6455 that is final, of type text and not masked. */
function read(frame: Buffer): string {
  expect(frame[0]).toBe(0x81);
  const [, short = 0] = frame;
  const start = short < 126 ? 2 : short === 126 ? 4 : 10;
  const long = () => (short === 126 ? frame.readUInt16BE(2) : Number(frame.readBigUInt64BE(2)));
  const length = short < 126 ? short : long();
  expect(frame.length).toBe(start + length);
  return frame.toString('utf8', start);
}

it.each([0, 1, 125, 126, 65_535, 65_536, 70_000])('a frame of %i bytes can be read', (length) => {
  const text = 'x'.repeat(length);
  expect(read(textFrame(text))).toBe(text);
});

it('a frame counts bytes, not letters', () => {
  const text = 'ä'.repeat(100);
  expect(read(textFrame(text))).toBe(text);
});
