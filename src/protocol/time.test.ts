import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from './failure.ts';
import { fits } from './parse.ts';
import { Time } from './scalar.ts';
import { msToTime, TIME_PATTERN, timeToMs } from './time.ts';

describe('times on the wire', () => {
  it('come back as they went', () => {
    const within = fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 });
    fc.assert(
      fc.property(within, (ms) => {
        expect(timeToMs(msToTime(ms))).toBe(ms);
        expect(fits(Time, msToTime(ms))).toBe(true);
      }),
    );
  });

  it('are moved to the nearest that four digits of the year can say', () => {
    expect(msToTime(-8.64e15)).toBe('0001-01-01T00:00:00.000Z');
    expect(msToTime(8.64e15)).toBe('9999-12-31T23:59:59.999Z');
    expect(msToTime(-1)).toBe('1969-12-31T23:59:59.999Z');
  });

  it.each([
    ['2024-01-02T03:04:05Z', Date.UTC(2024, 0, 2, 3, 4, 5)],
    ['2024-01-02T03:04:05', Date.UTC(2024, 0, 2, 3, 4, 5)],
    ['2024-01-02T03:04:05.123456', Date.UTC(2024, 0, 2, 3, 4, 5, 123)],
    ['2024-01-02T03:04:05.5+02:00', Date.UTC(2024, 0, 2, 1, 4, 5, 500)],
    ['0001-01-01T00:00:00-01:00', -62_135_596_800_000 + 3_600_000],
  ])('%s is read', (time, ms) => {
    expect(timeToMs(time)).toBe(ms);
    expect(fits(Time, time)).toBe(true);
  });

  it.each([
    '',
    'yesterday',
    '2024-13-01T00:00:00Z',
    '2024-01-01',
    '2024-01-01T24:00:00Z',
    '1704164645',
  ])('"%s" is refused', (time) => {
    expect(() => timeToMs(time)).toThrow(Failure);
    expect(fits(Time, time)).toBe(false);
  });

  it('whatever the schema lets through can be read', () => {
    fc.assert(
      fc.property(fc.stringMatching(new RegExp(TIME_PATTERN)), (time) => {
        expect(Number.isInteger(timeToMs(time))).toBe(true);
      }),
    );
  });
});
