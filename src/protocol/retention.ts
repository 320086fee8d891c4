import Type, { type Static } from 'typebox';
import type { Tier } from '../core/thin.ts';

/** `hour 7d`: up to an age of seven days, the last version of each hour is kept. */
export const RetentionTier = Type.String({
  title: 'a span and an age, such as "hour 7d"',
  pattern: '^(?:all|minute|hour|day|week) [1-9]\\d{0,4}[hd]$',
});
export type RetentionTier = Static<typeof RetentionTier>;

export const DEFAULT_RETENTION: readonly RetentionTier[] = [
  'all 1h',
  'minute 1d',
  'hour 7d',
  'day 30d',
  'week 365d',
];

const HOUR = 60 * 60 * 1000;
const AGES: Readonly<Record<string, number>> = { h: HOUR, d: 24 * HOUR };
/** Each is a multiple of the one before. Weeks begin where 1970 did. */
const SPANS: Readonly<Record<string, number>> = {
  all: 0,
  minute: HOUR / 60,
  hour: HOUR,
  day: 24 * HOUR,
  week: 7 * 24 * HOUR,
};

/** What was written by the schema, in milliseconds. Within a minute each client's last version counts. */
export const tiersOf = (written: readonly RetentionTier[]): Tier[] =>
  written.map((tier) => {
    const [span = '', age = ''] = tier.split(' ');
    const until = Number.parseInt(age, 10) * (AGES[age.slice(-1)] ?? 0);
    return { until, every: SPANS[span] ?? 0, isByClient: span === 'minute' };
  });

/** Why such tiers cannot be; undefined: they can. */
export function wrongTiers(written: readonly RetentionTier[]): string | undefined {
  const tiers = tiersOf(written);
  if (tiers[0]?.every !== 0) return 'must begin with the age up to which all is kept, as "all 1h"';
  const isOrdered = tiers.every(({ until, every }, at) => {
    const next = tiers[at + 1];
    return next === undefined || (next.every > every && next.until > until);
  });
  return isOrdered ? undefined : 'must go on to longer spans and greater ages';
}
