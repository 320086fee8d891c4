import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a directory with all that is missing above it. Node's own `recursive` never returns where
 * a directory cannot be made although the one above it is there (as in /proc).
 */
export function makeDirectories(path: string, mode?: number): void {
  const missing: string[] = [];
  for (let at = path; !existsSync(at) && dirname(at) !== at; at = dirname(at)) missing.push(at);
  for (const at of missing.reverse()) makeOne(at, mode);
}

function makeOne(at: string, mode: number | undefined): void {
  try {
    mkdirSync(at, mode === undefined ? {} : { mode });
  } catch (error) {
    // Somebody else was quicker.
    if (!existsSync(at)) throw error;
  }
}
