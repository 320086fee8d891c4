import { accessSync, constants, lstatSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { ROOT } from '../house/source.ts';

/** Where the demonstration keeps everything. */
export interface Place {
  readonly root: string;
  /** The checkout could not be written. */
  readonly isFallback: boolean;
  readonly directoryOf: (client: string) => string;
}

/** What was asked for, else `demo-data` in the checkout, else a directory for temporary things. */
export function demoPlace({ SYNCER_DEMO_DIRECTORY: asked }: NodeJS.ProcessEnv): Place {
  if (asked !== undefined && asked !== '') return placeAt(resolve(asked), false);
  return isWritable(ROOT) ? placeAt(join(ROOT, 'demo-data'), false) : placeAt(temporary(), true);
}

function placeAt(root: string, isFallback: boolean): Place {
  const directoryOf = (client: string): string => join(root, client);
  mkdirSync(root, { recursive: true });
  return { root, isFallback, directoryOf };
}

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The same at each run, so that the next one can continue; but never one that somebody else has put there. */
function temporary(): string {
  const { uid } = userInfo();
  const path = join(tmpdir(), `syncer-demo-${uid}`);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const stats = lstatSync(path);
  const isOurs = stats.isDirectory() && (uid === -1 || stats.uid === uid);
  return isOurs ? path : mkdtempSync(join(tmpdir(), 'syncer-demo-'));
}
