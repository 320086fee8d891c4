import { createHash } from 'node:crypto';
import { type FileHandle, lstat, open, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectFailure, type ObjectStore } from '../ports.ts';
import { failureOf, systemCode } from './filesystem-failure.ts';
import { prepareDirectory } from './filesystem-open.ts';
import { filesystemPut } from './filesystem-put.ts';
import { isName, mustBeName, mustBeRange } from './valid.ts';

export interface FilesystemOptions {
  /** False: never a hard link. Default: one each, but where the file system has none. */
  readonly hardLinks?: boolean;
  /**
   * Nothing is made, removed or written: for one who reads beside a server, which may be of another machine's or
   * container's processes. Puts and deletes throw a TypeError. Default: false.
   */
  readonly isReadOnly?: boolean;
}

/**
 * Objects as files, each at `<directory>/<00 … ff>/<name>`, written in `<directory>/incoming`
 * first. Makes the directory when it is not there, and removes what a crash left in `incoming`.
 * Throws an ObjectFailure when it cannot. No name of a user ever becomes a path here.
 */
export async function filesystemObjects(
  directory: string,
  options: FilesystemOptions = {},
): Promise<ObjectStore> {
  const { isReadOnly = false } = options;
  const incoming = isReadOnly ? join(directory, 'incoming') : await prepareDirectory(directory);
  const place = (name: string) => {
    mustBeName(name);
    return { within: join(directory, shelfOf(name)), path: join(directory, shelfOf(name), name) };
  };
  const put = filesystemPut({ incoming, hardLinks: options.hardLinks ?? true });

  return {
    put: async (name, bytes) => {
      if (isReadOnly) throw new TypeError('this store is only read');
      await put(place(name), bytes);
    },

    async get(name, range, into) {
      const { path } = place(name);
      if (range) mustBeRange(range);
      try {
        return await readFrom(path, range, into);
      } catch (error) {
        const isAbsent = systemCode(error) === 'ENOENT' && (await isThere(incoming));
        throw isAbsent ? absent(error) : failureOf('read an object', error);
      }
    },

    // Not synced: a deleted object that a power loss brings back is swept again.
    async delete(name) {
      if (isReadOnly) throw new TypeError('this store is only read');
      await unlink(place(name).path).catch((error: unknown) => {
        if (systemCode(error) !== 'ENOENT') throw failureOf('delete an object', error);
      });
    },

    async *list() {
      for (const name of await namesIn(directory)) {
        const size = await sizeOf(place(name).path);
        if (size !== undefined) yield { name, size };
      }
    },
  };
}

/** Without it, the whole store is not there (a disk that is not mounted), and nothing is known of an object. */
async function isThere(incoming: string): Promise<boolean> {
  return await stat(incoming).then(
    () => true,
    () => false,
  );
}

function isShelf(name: string): boolean {
  return /^[0-9a-f]{2}$/.test(name);
}

/** The names are hashed, as those the server makes may begin alike (with the time, for one). */
function shelfOf(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 2);
}

async function readFrom(
  path: string,
  range: { readonly offset: number; readonly length: number } | undefined,
  into: Uint8Array | undefined,
): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const wanted = range ?? { offset: 0, length: (await handle.stat()).size };
    return await readExactly(handle, wanted, into);
  } finally {
    await handle.close();
  }
}

/** A file that a power loss or a bad disk cut short counts as absent, never as a shorter object. */
async function readExactly(
  handle: FileHandle,
  { offset, length }: { readonly offset: number; readonly length: number },
  into: Uint8Array = new Uint8Array(),
): Promise<Uint8Array> {
  const bytes = into.length < length ? Buffer.allocUnsafe(length) : into.subarray(0, length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw absent();
    done += bytesRead;
  }
  if (length === 0 && (await handle.stat()).size < offset) throw absent();
  return bytes;
}

function absent(cause?: unknown): ObjectFailure {
  return new ObjectFailure('absent', 'no such object, or it is too short', { cause });
}

/** All of them at once: their order goes across the shelves, and a name is a few dozen bytes. */
async function namesIn(directory: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for (const shelf of (await readdir(directory)).filter(isShelf)) {
      for (const name of await readdir(join(directory, shelf))) if (isName(name)) names.push(name);
    }
  } catch (error) {
    throw failureOf('list the objects', error);
  }
  return names.sort();
}

/** undefined: deleted since it was listed, or no file. */
async function sizeOf(path: string): Promise<number | undefined> {
  try {
    const stats = await lstat(path);
    return stats.isFile() ? stats.size : undefined;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw failureOf('list the objects', error);
  }
}
