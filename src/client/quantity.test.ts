import { expect, it } from 'vitest';
import { describeProgress, shareOf } from './describe-progress.ts';
import { printable } from './printable.ts';
import { bytesText, countText, durationText } from './quantity.ts';

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [1229, '1.2 KiB'],
  [10 * 1024, '10 KiB'],
  [1024 ** 2 - 1, '1.0 MiB'],
  [5.5 * 1024 ** 3, '5.5 GiB'],
  [2 * 1024 ** 6, '2048 PiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});

it.each([
  [-5, '0 s'],
  [59_400, '59 s'],
  [60_000, '1 min'],
  [59 * 60_000, '59 min'],
  [125 * 60_000, '2 h 5 min'],
  [180 * 60_000, '3 h'],
  [72 * 60 * 60_000, '3 days'],
])('%d ms are %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

it('counts one and many', () => {
  expect(countText(1, 'file')).toBe('1 file');
  expect(countText(1234, 'file')).toBe('1,234 files');
});

it('[F28] a name cannot speak to the terminal, start a line or turn the writing round', () => {
  expect(printable('a\u001b[31mb\nc\u009bd\u202ee\ud800f')).toBe(
    'a\\x1b[31mb\\nc\\x9bd\\u202ee\\ud800f',
  );
  expect(printable('Grüße 🎈.txt')).toBe('Grüße 🎈.txt');
});

it('tells count, bytes, rate and time left', () => {
  const progress = {
    step: 'download',
    files: 12,
    filesTotal: 300,
    bytes: 3 * 1024 ** 2,
    bytesTotal: 30 * 1024 ** 2,
  } as const;
  expect(shareOf(progress)).toBe(0.1);
  expect(describeProgress(progress, { ms: 1000 })).toBe(
    'receiving 12 of 300 files, 3.0 MiB of 30 MiB, 3.0 MiB/s, 9 s left',
  );
  expect(describeProgress(progress, { ms: 0 })).toBe(
    'receiving 12 of 300 files, 3.0 MiB of 30 MiB',
  );
});

it('goes by files where bytes say nothing', () => {
  const scan = { step: 'scan', files: 5, filesTotal: 10, bytes: 0, bytesTotal: 0 } as const;
  expect(shareOf(scan)).toBe(0.5);
  expect(describeProgress(scan, { ms: 2000 })).toBe('reading 5 of 10 files, 0 B, 2 s left');
  expect(shareOf({ ...scan, files: 0, filesTotal: 0 })).toBe(1);
});
