import { type Ignore, ignorePatterns } from '../../core/ignore.ts';
import type { Implementations } from '../assemble.ts';
import type { Located } from '../config.ts';
import { type Disk, DiskError } from '../ports.ts';

export interface OpenDirectory {
  readonly disk: Disk;
  /** What the configuration and the directory's own `.syncignore` say. */
  readonly ignore: Ignore;
}

/** The synchronized directory, for a command that works beside a client or without one. */
export async function openDirectory(
  { openDisk }: Implementations,
  { directory, config }: Located,
): Promise<OpenDirectory> {
  const disk = await openDisk({ root: directory, now: Date.now });
  const more = await ownPatterns(disk);
  return { disk, ignore: ignorePatterns([...config.ignore_patterns, ...more]) };
}

/** The lines of the directory's own `.syncignore`. */
export async function ownPatterns(disk: Disk): Promise<string[]> {
  const parts: Uint8Array[] = [];
  try {
    for await (const part of disk.read(['.syncignore'], RANGE)) parts.push(part);
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
  }
  return Buffer.concat(parts).toString('utf8').split(/\r?\n/);
}

const RANGE = { offset: 0, length: 1024 * 1024 };
