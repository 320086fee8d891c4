const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** `1 byte`, `812 bytes`, `1.5 KiB`, `23 MiB`: three digits at most. */
export function formatSize(bytes: number): string {
  if (bytes === 1) return '1 byte';
  let value = bytes;
  let unit = 0;
  while (value >= 1023.5 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits).replace(/\.0$/, '')} ${UNITS[unit]}`;
}

const GROUPED = new Intl.NumberFormat('en');

/** `12,345`. */
export const formatCount = (count: number): string => GROUPED.format(count);

/** `1 file`, `12,345 files`. */
export const countOf = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

const SPANS: readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];
const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'long' });
const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });

/** `just now`, `5 minutes ago`, `yesterday`; from a week on, the day. `now`: milliseconds since 1970. */
export function formatAgo(time: string, now: number): string {
  const ms = Date.parse(time);
  const seconds = Math.round((ms - now) / 1000);
  const past = Math.abs(seconds);
  if (past < 45) return 'just now';
  if (past > 7 * 86_400) return DATE.format(ms);
  const [unit, size] = SPANS.find(([, each]) => past >= each) ?? ['minute', 60];
  return RELATIVE.format(Math.round(seconds / size) || Math.sign(seconds), unit);
}

/** Date and time, to the minute. */
export const formatMoment = (ms: number): string => MOMENT.format(ms);

/** Everything, to the second. */
export const formatExact = (ms: number): string => EXACT.format(ms);

/** `3 days 4 hours`, `12 minutes`, `40 seconds`: the two largest units. */
export function formatDuration(seconds: number): string {
  const parts: string[] = [];
  let rest = Math.max(0, Math.round(seconds));
  for (const [unit, size] of [...SPANS, ['second', 1] as const]) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 && parts.length < 2) parts.push(countOf(count, `${unit}`));
  }
  return parts.join(' ') || '0 seconds';
}
