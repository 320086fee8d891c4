import { constants } from 'node:fs';
import { type FileHandle, link, lstat, open, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectStore } from '../ports.ts';
import { failureOf, systemCode } from './filesystem-failure.ts';
import { shelfMaker, syncDirectory, temporaryName } from './filesystem-open.ts';

interface Place {
  readonly within: string;
  readonly path: string;
}
type Bytes = Parameters<ObjectStore['put']>[1];

const NO_LINKS: ReadonlySet<string | undefined> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
]);

/**
 * Write, sync, name, sync the directory: whatever moment the power goes, the object is whole or not
 * there. A sync that failed is never tried again on the same file, as the system may have dropped
 * the bytes and call the second one good; the file goes, and the caller may put anew.
 */
export function filesystemPut(given: { readonly incoming: string; readonly hardLinks: boolean }) {
  const publishing = new Map<string, Promise<void>>();
  const makeShelf = shelfMaker();

  /** One at a time by name: nobody may find an object there that is about to be taken back. */
  async function publish(temporary: string, place: Place): Promise<void> {
    const before = publishing.get(place.path);
    const mine = (async () => {
      await before?.catch(() => {});
      await makeShelf(place.within);
      await nameDurably(temporary, place, given.hardLinks);
    })();
    publishing.set(place.path, mine);
    try {
      await mine;
    } finally {
      if (publishing.get(place.path) === mine) publishing.delete(place.path);
    }
  }

  return async (place: Place, bytes: Bytes): Promise<void> => {
    const temporary = join(given.incoming, temporaryName());
    try {
      await write(temporary, bytes);
      await publish(temporary, place).catch((error: unknown) => {
        throw failureOf('name an object', error);
      });
    } finally {
      // Gone already after a rename; what cannot be removed now is removed at the next opening.
      await unlink(temporary).catch(() => {});
    }
  };
}

async function write(path: string, bytes: Bytes): Promise<void> {
  const { O_WRONLY, O_CREAT, O_EXCL } = constants;
  const step = <T>(done: Promise<T>): Promise<T> =>
    done.catch((error: unknown) => {
      throw failureOf('write an object', error);
    });
  const handle = await step(open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600));
  try {
    // An error of the source is the caller's own and goes back to it as it is.
    if (bytes instanceof Uint8Array) await step(writeAll(handle, [bytes]));
    else if (isParts(bytes)) await step(writeAll(handle, bytes));
    else for await (const part of bytes) await step(writeAll(handle, [part]));
    await step(handle.sync());
  } finally {
    await step(handle.close());
  }
}

/** The system may take fewer bytes than it is given, as it does just before the disk is full. */
async function writeAll(handle: FileHandle, parts: readonly Uint8Array[]): Promise<void> {
  for (let rest = parts.filter(({ length }) => length > 0); rest.length > 0; ) {
    const { bytesWritten } = await handle.writev(rest);
    rest = after(rest, bytesWritten);
  }
}

/** What is left of the parts when so many bytes of them are taken. */
function after(parts: readonly Uint8Array[], taken: number): Uint8Array[] {
  let left = taken;
  let whole = 0;
  for (const { length } of parts) {
    if (length > left) break;
    left -= length;
    whole += 1;
  }
  const [first, ...others] = parts.slice(whole);
  return first === undefined ? [] : [first.subarray(left), ...others];
}

const isParts = (bytes: Bytes): bytes is readonly Uint8Array[] => Array.isArray(bytes);

async function nameDurably(temporary: string, place: Place, hardLinks: boolean): Promise<void> {
  const isNew = await nameUnlessThere(temporary, place.path, hardLinks);
  try {
    await syncDirectory(place.within);
  } catch (error) {
    // A put that throws leaves nothing; one that found the object there must leave it.
    if (isNew) await unlink(place.path).catch(() => {});
    throw error;
  }
}

/** Answers whether the name is new. */
async function nameUnlessThere(from: string, to: string, hardLinks: boolean): Promise<boolean> {
  try {
    if (!hardLinks) return await renameUnlessThere(from, to);
    await link(from, to);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    if (hardLinks && NO_LINKS.has(systemCode(error))) return await renameUnlessThere(from, to);
    throw error;
  }
}

/** A rename would replace what is there. No put of this process comes between look and rename. */
async function renameUnlessThere(from: string, to: string): Promise<boolean> {
  const isThere = await lstat(to).then(
    () => true,
    (error: unknown) => {
      if (systemCode(error) === 'ENOENT') return false;
      throw error;
    },
  );
  if (!isThere) await rename(from, to);
  return !isThere;
}
