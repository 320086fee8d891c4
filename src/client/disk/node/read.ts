import { Buffer } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, read as readFile, readSync } from 'node:fs';
import { promisify } from 'node:util';
import { DiskError, type Path } from '../../ports.ts';
import { diskError } from './disk-error.ts';
import type { Inside } from './inside.ts';
import { factsAt } from './look.ts';

const PIECE = 1024 * 1024;
const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
const readInto = promisify(readFile);

export interface Range {
  readonly offset: number;
  readonly length: number;
}

interface Reading {
  readonly range: Range | undefined;
  /** A piece is only looked at until the next is asked for. */
  readonly isLent: boolean;
}

const WHOLE: Range = { offset: 0, length: Number.MAX_SAFE_INTEGER };

/** Where the pieces of one read come from. */
interface Buffers {
  take(length: number): Buffer;
  giveBack(): void;
}

const owned: Buffers = { take: (length) => Buffer.allocUnsafe(length), giveBack: () => {} };

/** Of all that were lent and came back; never more than were read into at once. Weakly: all are collected at rest. */
let kept = new WeakRef<Buffer[]>([]);

function free(): Buffer[] {
  const known = kept.deref();
  if (known !== undefined) return known;
  const buffers: Buffer[] = [];
  kept = new WeakRef(buffers);
  return buffers;
}

/**
 * So much memory, new for each piece, costs more to collect than the reading itself. It is shared, so that another thread
 * can look at it too.
 */
function lending(): Buffers {
  const lent: Buffer[] = [];
  let turn = 0;
  return {
    take: (length) => {
      turn = 1 - turn;
      const buffer = lent[turn] ?? free().pop() ?? Buffer.from(new SharedArrayBuffer(PIECE));
      lent[turn] = buffer;
      return buffer.subarray(0, length);
    },
    giveBack: () => {
      free().push(...lent.splice(0).filter((buffer) => buffer !== undefined));
    },
  };
}

/**
 * At most the bytes that were there at the beginning: a file that grows faster than it is read has an end. While one
 * piece is worked on, the next is read.
 */
export async function* read(
  inside: Inside,
  path: Path,
  { range: { offset, length } = WHOLE, isLent }: Reading,
): AsyncGenerator<Uint8Array> {
  const fd = openFile(inside, path);
  const buffers = isLent ? lending() : owned;
  let next: Promise<Uint8Array> | undefined;
  try {
    const end = Math.min(offset + length, Number(fstatSync(fd, { bigint: true }).size));
    const begin = (at: number): Promise<Uint8Array> | undefined =>
      at < end ? piece(fd, buffers.take(Math.min(PIECE, end - at)), at) : undefined;
    next = begin(offset);
    for (let at = offset; next !== undefined; ) {
      const bytes = await next;
      if (bytes.length === 0) return;
      at += bytes.length;
      next = begin(at);
      next?.catch(() => {});
      yield bytes;
    }
  } catch (error) {
    throw diskError(error, path);
  } finally {
    await next?.catch(() => {});
    buffers.giveBack();
    closeSync(fd);
  }
}

const piece = async (fd: number, buffer: Buffer, at: number): Promise<Uint8Array> =>
  buffer.subarray(0, await fill(fd, buffer, at));

/** Opens a file and nothing else: opening a device does things, opening a pipe may never end. */
export function openFile(inside: Inside, path: Path): number {
  return inside.within(path, (at, name) => {
    const spot = `${at}/${name}`;
    const facts = factsAt(inside, { spot, path });
    if (facts === undefined) throw new DiskError('absent', path);
    if (facts.kind !== 'file') throw new DiskError('unsupported', path);
    const fd = openSync(spot, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    if (fstatSync(fd).isFile()) return fd;
    closeSync(fd);
    throw new DiskError('unsupported', path);
  });
}

/** So little is read, or written, at once: handing it to another thread and back would cost more. Bytes. */
export const QUICK = 64 * 1024;
/** But of so many one is read over there, so that others have their turn. */
const TURN = 64;
let reads = 0;

function isQuick(length: number): boolean {
  reads = (reads + 1) % TURN;
  return length <= QUICK && reads !== 0;
}

/** Answers how many bytes there were. */
async function fill(fd: number, buffer: Buffer, position: number): Promise<number> {
  const { length } = buffer;
  if (isQuick(length)) return readSync(fd, buffer, 0, length, position);
  return (await readInto(fd, buffer, 0, length, position)).bytesRead;
}
