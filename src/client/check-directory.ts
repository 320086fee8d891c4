import { accessSync, constants, statSync } from 'node:fs';
import type { Located } from './config.ts';
import { makeDirectories } from './make-directories.ts';
import { Refused, systemReason } from './refused.ts';

const { R_OK, W_OK, X_OK } = constants;

/**
 * Refuses a synchronized directory that is none, or cannot be written, before anything is begun. One
 * that is not there is made where nothing is remembered of it. Else its disk may not be mounted: that is for
 * the engine to find.
 */
export function checkDirectory(
  { directory, file }: Located,
  { isFirst }: { readonly isFirst: boolean },
): void {
  const wayOut = `Put that right, or name another sync_directory in ${file}.`;
  try {
    const stats = statSync(directory, { throwIfNoEntry: false });
    if (stats === undefined) {
      if (isFirst) makeDirectories(directory);
      return;
    }
    if (!stats.isDirectory()) throw new Refused(`${directory} is not a directory. ${wayOut}`);
    accessSync(directory, R_OK | W_OK | X_OK);
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw cannotBeUsed(directory, systemReason(error), { wayOut, cause: error });
  }
}

function cannotBeUsed(
  directory: string,
  reason: string,
  { wayOut, cause }: { wayOut: string; cause: unknown },
): Refused {
  return new Refused(`The directory ${directory} cannot be used: ${reason}. ${wayOut}`, { cause });
}
