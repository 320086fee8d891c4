import { expect, it } from 'vitest';
import { decode, decodeExact } from './read-text.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

it('reads texts, also when they are cut within a character', () => {
  expect(decode(new TextEncoder().encode('Äpfel'))).toBe('Äpfel');
  expect(decode(new TextEncoder().encode('aÄ').slice(0, 2))).toBe('a');
  expect(decode(bytes())).toBe('');
});

it('reads UTF-16 that says so', () => {
  expect(decode(bytes(0xff, 0xfe, 0x61, 0))).toBe('a');
  expect(decode(bytes(0xfe, 0xff, 0, 0x61))).toBe('a');
});

it('takes nothing else for a text', () => {
  expect(decode(bytes(0x50, 0x4b, 0, 1))).toBeUndefined();
  expect(decode(Uint8Array.from({ length: 100 }, () => 0xfa))).toBeUndefined();
});

it('what is to be edited gives the same bytes again, or is no text', () => {
  const again = (bytes: Uint8Array) => {
    const text = decodeExact(bytes);
    return text === undefined ? undefined : [...new TextEncoder().encode(text)];
  };
  const marked = [0xef, 0xbb, 0xbf, 0x61, 0x0d, 0x0a];
  expect(again(Uint8Array.from(marked))).toEqual(marked);
  for (const bytes of [[0x61, 0], [0x61, 0xff], [0xc3], [0xff, 0xfe, 0x61, 0]])
    expect(again(Uint8Array.from(bytes))).toBeUndefined();
});
