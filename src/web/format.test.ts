import { describe, expect, it } from 'vitest';
import { countOf, formatAgo, formatDuration, formatSize } from './format.ts';

describe('a size', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [1023, '1023 bytes'],
    [1024, '1 KiB'],
    [1536, '1.5 KiB'],
    [10 * 1024, '10 KiB'],
    [1024 * 1024 - 1, '1 MiB'],
    [1.25 * 1024 ** 3, '1.3 GiB'],
    [2 ** 60, '1024 PiB'],
  ])('of %d is %s', (bytes, text) => {
    expect(formatSize(bytes)).toBe(text);
  });
});

describe('a time', () => {
  const now = Date.parse('2026-11-26T12:00:00Z');

  it.each([
    ['2026-11-26T11:59:30Z', 'just now'],
    ['2026-11-26T11:59:10Z', '1 minute ago'],
    ['2026-11-26T11:30:00Z', '30 minutes ago'],
    ['2026-11-26T07:00:00Z', '5 hours ago'],
    ['2026-11-25T11:00:00Z', 'yesterday'],
    ['2026-11-22T12:00:00Z', '4 days ago'],
    ['2026-11-26T12:03:00Z', 'in 3 minutes'],
  ])('%s is told as %s', (time, text) => {
    expect(formatAgo(time, now)).toBe(text);
  });

  it('that is long past is told by its day', () => {
    expect(formatAgo('2026-03-02T12:00:00Z', now)).toContain('2026');
  });
});

it.each([
  [0, '0 seconds'],
  [61, '1 minute 1 second'],
  [90_061, '1 day 1 hour'],
])('%d seconds are %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

it('counts in words', () => {
  expect([countOf(1, 'file'), countOf(12_345, 'file'), countOf(2, 'entry', 'entries')]).toEqual([
    '1 file',
    '12,345 files',
    '2 entries',
  ]);
});
