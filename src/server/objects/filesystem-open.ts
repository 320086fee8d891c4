import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { failureOf, systemCode } from './filesystem-failure.ts';

/** One process life; another life of the same process id has another. */
const LIFE = randomBytes(8).toString('hex');
let temporaries = 0;

/** A name that no other put of this or any other process uses. */
export function temporaryName(): string {
  temporaries += 1;
  return `${process.pid}-${LIFE}-${temporaries}`;
}

/** Makes what is missing, durably. Answers the directory for temporary files. */
export async function prepareDirectory(directory: string): Promise<string> {
  const incoming = join(directory, 'incoming');
  try {
    const first = await mkdir(directory, { recursive: true, mode: 0o700 });
    await makeDirectory(incoming);
    await syncUpwards(resolve(directory), dirname(resolve(first ?? incoming)));
    await removeLeftovers(incoming);
  } catch (error) {
    throw failureOf('open the object store', error);
  }
  return incoming;
}

/**
 * Makes a directory for objects durably, once in a life: whoever comes meanwhile waits until its
 * name lasts. What failed is tried again by the next one.
 */
export function shelfMaker(): (path: string) => Promise<void> {
  const made = new Map<string, Promise<void>>();
  return (path) => {
    const making = made.get(path) ?? makeShelf(path);
    made.set(path, making);
    making.catch(() => made.delete(path));
    return making;
  };
}

/** Syncs also what is there: an earlier life may have ended between making it and syncing it. */
async function makeShelf(path: string): Promise<void> {
  await makeDirectory(path);
  await syncDirectory(dirname(path));
}

/** Makes the names in a directory last. Windows has no such call, and keeps them by itself. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Some network file systems have no such call for a directory: nothing more can be done.
    if (systemCode(error) !== 'EINVAL') throw error;
  } finally {
    await handle.close();
  }
}

async function makeDirectory(path: string): Promise<void> {
  await mkdir(path, { mode: 0o700 }).catch((error: unknown) => {
    if (systemCode(error) !== 'EEXIST') throw error;
  });
}

async function syncUpwards(from: string, to: string): Promise<void> {
  await syncDirectory(from);
  if (from !== to && from !== dirname(from)) await syncUpwards(dirname(from), to);
}

async function removeLeftovers(incoming: string): Promise<void> {
  for (const name of await readdir(incoming)) {
    if (isLeftover(name)) await rm(join(incoming, name), { force: true });
  }
}

/** Another living process (a check beside the server) may be writing: its files stay. */
function isLeftover(name: string): boolean {
  const [pid, life] = name.split('-');
  if (life === LIFE) return false;
  return Number(pid) === process.pid || !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}
