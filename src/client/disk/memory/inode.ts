import { Buffer } from 'node:buffer';
import type { Facts } from '../facts.ts';

/** One thing of a memory volume. `mode` holds the permission bits. */
interface Inode {
  /** Undefined where such numbers mean nothing. */
  readonly number: number | undefined;
  /** Of what is mounted inside the directory; undefined: the directory's own. */
  device?: string;
  readonly bornNs: bigint;
  mtimeNs: bigint;
  ctimeNs: bigint;
  mode: number;
}

export interface FileInode extends Inode {
  readonly kind: 'file';
  pieces: readonly Uint8Array[];
}

export interface DirectoryInode extends Inode {
  readonly kind: 'directory';
  /** By the name as the volume compares it. */
  readonly children: Map<string, Child>;
}

export interface SymlinkInode extends Inode {
  readonly kind: 'symlink';
  readonly target: string;
}

export interface PipeInode extends Inode {
  readonly kind: 'pipe';
}

export type AnyInode = FileInode | DirectoryInode | SymlinkInode | PipeInode;

export interface Child {
  readonly name: string;
  readonly inode: AnyInode;
}

export const sizeOf = (inode: AnyInode): number =>
  inode.kind === 'file' ? inode.pieces.reduce((sum, piece) => sum + piece.length, 0) : 0;

export const bytesOf = (file: FileInode): Buffer => Buffer.concat(file.pieces);

/** Undefined for what a disk cannot synchronize. */
export function factsOf(inode: AnyInode): Facts | undefined {
  if (inode.kind === 'pipe') return undefined;
  const { kind, number, bornNs, mtimeNs, ctimeNs, mode } = inode;
  const size = sizeOf(inode);
  const device = inode.device === undefined ? '' : `${inode.device}:`;
  const id = number === undefined ? '' : `${device}${number}.${bornNs}`;
  const facts = { kind, inode: id, size, mtimeNs, ctimeNs, mode };
  return inode.kind === 'symlink' ? { ...facts, target: inode.target } : facts;
}
