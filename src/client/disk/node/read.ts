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

/** At most the bytes that were there at the beginning: a file that grows faster than it is read has an end. */
export async function* read(
  inside: Inside,
  path: Path,
  { offset, length }: Range = { offset: 0, length: Number.MAX_SAFE_INTEGER },
): AsyncGenerator<Uint8Array> {
  const fd = openFile(inside, path);
  try {
    const end = Math.min(offset + length, Number(fstatSync(fd, { bigint: true }).size));
    for (let at = offset; at < end; ) {
      const length = Math.min(PIECE, end - at);
      const piece = isQuick(length) ? pieceOf(fd, at, length) : await readPiece(fd, at, length);
      if (piece.length === 0) return;
      at += piece.length;
      yield piece;
    }
  } catch (error) {
    throw diskError(error, path);
  } finally {
    closeSync(fd);
  }
}

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

function pieceOf(fd: number, position: number, length: number): Uint8Array {
  const buffer = Buffer.allocUnsafeSlow(length);
  return buffer.subarray(0, readSync(fd, buffer, 0, length, position));
}

async function readPiece(fd: number, position: number, length: number): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(length);
  const { bytesRead } = await readInto(fd, buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}
