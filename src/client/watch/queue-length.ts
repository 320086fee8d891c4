import { readFileSync } from 'node:fs';

/** How many events the system keeps for one who does not come to fetch them. */
export function queueLength(): number {
  try {
    const told = Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8'));
    return Number.isInteger(told) && told > 0 ? told : USUAL;
  } catch {
    return USUAL;
  }
}

const USUAL = 16_384;
