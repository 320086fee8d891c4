const UNITS = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** `0 B`, `512 B`, `1.2 KiB`, `30 MiB`. */
export function bytesText(bytes: number): string {
  let amount = bytes;
  let unit = 'B';
  for (const larger of UNITS) {
    if (amount < 1023.5) break;
    amount /= 1024;
    unit = larger;
  }
  const digits = unit === 'B' || amount >= 9.95 ? 0 : 1;
  return `${amount.toFixed(digits)} ${unit}`;
}

/** `0 s`, `59 s`, `3 min`, `2 h 5 min`, `4 days`; from milliseconds. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `${Math.floor(hours / 24)} days`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** `1 file`, `1,234 files`. */
export const countText = (count: number, thing: string): string =>
  `${inThousands(count)} ${thing}${count === 1 ? '' : 's'}`;

/** `1,234,567`. By hand: the first number that is told through `Intl` loads eight MiB of what is known of languages. */
export const inThousands = (count: number): string =>
  String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
