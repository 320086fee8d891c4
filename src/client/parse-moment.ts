import { Failure } from '../protocol/failure.ts';
import { timeToMs } from '../protocol/time.ts';
import { Refused } from './refused.ts';

const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 60 * 60_000,
  d: 24 * 60 * 60_000,
  w: 7 * 24 * 60 * 60_000,
};

/**
 * What a person calls a moment, in milliseconds since 1970: how long ago (`90s`, `30m`, `2h`, `3d`, `1w`), a day, or a
 * time in ISO 8601, with a space for the `T` if they like; without a zone in UTC, as our tables show times. Throws
 * Refused, which names the option.
 */
export function parseMoment(
  text: string,
  { option, now }: { option: string; now: number },
): number {
  const [, count = '', unit = ''] = /^(\d{1,9})([smhdw])$/.exec(text.trim()) ?? [];
  const ago = UNITS[unit];
  if (ago !== undefined) return Math.max(0, now - Number(count) * ago);
  try {
    return timeToMs(wholeTime(text.trim()));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Refused(
      `${option} does not take "${text}". Say how long ago (30m, 2h, 3d, 1w), a day (2026-11-22), or a time ` +
        '(2026-11-22T14:03:55Z; "2026-11-22 14:03" is in UTC).',
      { exitCode: 2, cause: error },
    );
  }
}

/** A day begins at midnight, a minute with its first second. */
function wholeTime(text: string): string {
  const [, day, hour = '00:00', second = ':00', rest = ''] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(.*))?$/.exec(text) ?? [];
  return day === undefined ? text : `${day}T${hour}${second}${rest}`;
}
