import { expect, it } from 'vitest';
import { parseMoment } from './parse-moment.ts';
import { Refused } from './refused.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const at = (text: string): string =>
  new Date(parseMoment(text, { option: '--since', now: NOW })).toISOString();

it.each([
  ['90s', '2026-11-22T11:58:30.000Z'],
  ['30m', '2026-11-22T11:30:00.000Z'],
  ['2h', '2026-11-22T10:00:00.000Z'],
  ['3d', '2026-11-19T12:00:00.000Z'],
  ['1w', '2026-11-15T12:00:00.000Z'],
  ['2026-11-20', '2026-11-20T00:00:00.000Z'],
  ['2026-11-20 14:03', '2026-11-20T14:03:00.000Z'],
  ['2026-11-20T14:03:55', '2026-11-20T14:03:55.000Z'],
  ['2026-11-20T14:03:55.5+02:00', '2026-11-20T12:03:55.500Z'],
  ['999999999w', '1970-01-01T00:00:00.000Z'],
])('%s is %s', (text, moment) => expect(at(text)).toBe(moment));

it.each(['', 'yesterday', '2x', '2026-13-01', '2026-11-20T25:00:00Z', '-2h'])(
  'refuses "%s", and says what is taken',
  (text) => {
    expect(() => at(text)).toThrow(Refused);
    expect(() => at(text)).toThrow(/--since does not take .*2h/);
  },
);
