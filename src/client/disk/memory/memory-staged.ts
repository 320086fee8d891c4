import { INTERNAL_DIRECTORY } from '../../../core/name.ts';
import { DiskError, type Staged } from '../../ports.ts';
import type { Facts } from '../facts.ts';
import type { Step } from './faults.ts';
import { type AnyInode, type DirectoryInode, type FileInode, factsOf, sizeOf } from './inode.ts';
import type { MemoryInside } from './memory-inside.ts';

export const STAGING = 'staging';
const NOWHERE = [INTERNAL_DIRECTORY, STAGING];

export class MemoryStaged implements Staged {
  readonly name: string;
  readonly inode: FileInode;
  readonly #inside: MemoryInside;
  #state: 'open' | 'finished' | 'gone' = 'open';
  #failed = false;
  #facts: Facts | undefined;

  constructor(inside: MemoryInside, name: string) {
    this.#inside = inside;
    this.name = name;
    this.inode = inside.volume.newFile([], 0o600);
    inside.volume.attach(inside.ours([STAGING]), name, this.inode);
    inside.staged.add(name);
  }

  /** What was known of it when it was finished. */
  get facts(): Facts {
    if (this.#facts === undefined || this.#state !== 'finished') {
      throw new Error('A staged file is placed after it is finished');
    }
    return this.#facts;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#step('write', () => {
      if (!this.#fits(bytes.length)) throw new DiskError('full', NOWHERE);
      this.#inside.volume.setPieces(this.inode, [...this.inode.pieces, bytes.slice()]);
    });
  }

  async finish(meta: { readonly mtime: number; readonly executable: boolean }): Promise<void> {
    if (this.#failed) throw new Error('A staged file that failed is to be discarded');
    this.#step('finish', () => {
      const mtimeNs = BigInt(meta.mtime) * 1_000_000n;
      const mode = this.#inside.modeOf(0o644, meta.executable);
      this.#inside.volume.setAttributes(this.inode, { mtimeNs, mode });
      this.#facts = factsOf(this.inode);
      this.#state = 'finished';
    });
  }

  async discard(): Promise<void> {
    if (this.#state === 'gone') return;
    this.#inside.pass('discard', NOWHERE);
    this.#inside.volume.detach(this.#inside.ours([STAGING]), this.name);
    this.placed();
  }

  /** It has a place now, or none; nothing is left to discard. */
  placed(): void {
    this.#inside.staged.delete(this.name);
    this.#state = 'gone';
  }

  #fits(bytes: number): boolean {
    const { capacity } = this.#inside.faults;
    return capacity === undefined || usedBy(this.#inside.volume.root) + bytes <= capacity;
  }

  #step(name: Step, step: () => void): void {
    if (this.#state !== 'open') throw new Error('A staged file was finished or discarded before');
    try {
      this.#inside.pass(name, NOWHERE);
      step();
    } catch (error) {
      this.#failed = true;
      throw error;
    }
  }
}

/** Bytes, of every name once: what has two names is counted twice, which only fills the disk earlier. */
function usedBy(directory: DirectoryInode | undefined): number {
  const children: AnyInode[] = [...(directory?.children.values() ?? [])].map(({ inode }) => inode);
  return children.reduce(
    (sum, inode) => sum + (inode.kind === 'directory' ? usedBy(inode) : sizeOf(inode)),
    0,
  );
}
