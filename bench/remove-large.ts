import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes. Of what is larger there are a few, which would fill the disk. */
const LARGE = 4 * 1024 * 1024;

/** Removes the large files below a directory; nothing, where there is none. */
export function removeLarge(top: string): void {
  for (const entry of entriesIn(top)) {
    const path = join(top, entry.name);
    if (entry.isDirectory()) removeLarge(path);
    else if (entry.isFile() && statSync(path).size > LARGE) rmSync(path);
  }
}

function entriesIn(top: string) {
  try {
    return readdirSync(top, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
