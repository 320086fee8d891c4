import { Failure } from './failure.ts';

/** The first and the last moment that ISO 8601 writes with four digits of the year. */
const FIRST = -62_135_596_800_000;
const LAST = 253_402_300_799_999;

/**
 * Date and time with seconds, with or without a fraction and a zone, as a pattern of JSON Schema.
 * Every text that matches can be read by `timeToMs`.
 */
export const TIME_PATTERN =
  '^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])' +
  'T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]' +
  '(?:\\.[0-9]{1,9})?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])?$';

/**
 * Milliseconds since 1970 as ISO 8601 in UTC. Times before the year 1 and after 9999 become the
 * nearest within.
 */
export const msToTime = (ms: number): string =>
  new Date(Math.min(Math.max(ms, FIRST), LAST)).toISOString();

/**
 * Milliseconds since 1970, whole. A time without a zone is in UTC. Throws Failure `bad_request` for
 * what is no time.
 */
export function timeToMs(time: string): number {
  const ms = TIME.test(time) ? Date.parse(hasZone(time) ? time : `${time}Z`) : Number.NaN;
  if (Number.isNaN(ms)) throw new Failure('bad_request', 'This is not a time in ISO 8601.');
  return ms;
}

const TIME = new RegExp(TIME_PATTERN);
const hasZone = (time: string): boolean => time.endsWith('Z') || /[+-]\d\d:\d\d$/.test(time);
