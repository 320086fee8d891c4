import { fold } from '../../../core/representable.ts';
import type { AnyInode, Child, DirectoryInode, FileInode } from './inode.ts';

export interface MemoryVolumeOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** `a` and `A` are two names. Default: they are. */
  readonly caseSensitive?: boolean;
  /** A thing may have two names. Default: it may. */
  readonly hardLinks?: boolean;
  /** A thing has a number that stays with it. Default: it does. */
  readonly inodes?: boolean;
  /** Nanoseconds that times are counted in. Default: 4 ms, the tick of a usual Linux. */
  readonly tick?: bigint;
}

/** With the numbers and times that things have, as an image of a disk; or with new ones, as a program copies files. */
export type CopiedAs = 'image' | 'files';

/** A place for a thing. */
export interface Name {
  readonly directory: DirectoryInode;
  readonly name: string;
}

type Undo = () => void;

/**
 * The part of a memory disk that outlives the process: a tree of inodes, and what of it is durable.
 * Every change passes through here; `crash` takes the latest ones back.
 */
export class MemoryVolume {
  readonly caseSensitive: boolean;
  readonly hardLinks: boolean;
  /** Undefined: there is no directory. */
  root: DirectoryInode | undefined;
  readonly #now: () => number;
  readonly #tick: bigint;
  readonly #inodes: boolean;
  #lastNumber = 1;
  /** How to take back each change since the last sync, oldest first. */
  #undo: Undo[] = [];

  constructor({ now, caseSensitive, hardLinks, inodes, tick }: MemoryVolumeOptions) {
    this.#now = now;
    this.caseSensitive = caseSensitive ?? true;
    this.hardLinks = hardLinks ?? true;
    this.#inodes = inodes ?? true;
    this.#tick = tick ?? 4_000_000n;
    this.root = this.newDirectory();
  }

  /** The number of changes that a crash could take back. */
  get unsynced(): number {
    return this.#undo.length;
  }

  /** Another volume with what is on this one now, all of it durable; nothing that happens to one is seen in the other. */
  copy(now: () => number, as: CopiedAs): MemoryVolume {
    const features = { caseSensitive: this.caseSensitive, hardLinks: this.hardLinks };
    const copy = new MemoryVolume({ now, ...features, inodes: this.#inodes, tick: this.#tick });
    copy.#lastNumber = this.#lastNumber;
    const copied = new Map<AnyInode, AnyInode>();
    const copyOf = (inode: AnyInode): AnyInode => {
      const { mtimeNs } = inode;
      const one = { ...inode, ...(as === 'files' && { ...copy.#newInode(inode.mode), mtimeNs }) };
      if (one.kind !== 'directory') {
        copied.set(inode, one);
        return one;
      }
      const children = [...one.children].map(([key, { name, inode: child }]) => {
        return [key, { name, inode: copied.get(child) ?? copyOf(child) }] as const;
      });
      return { ...one, children: new Map(children) };
    };
    copy.root = this.root && (copyOf(this.root) as DirectoryInode);
    return copy;
  }

  /** Everything so far survives. */
  sync(): void {
    this.#undo = [];
  }

  /**
   * A power loss that only the first `kept` of the changes since the last sync survive. Changes are
   * kept in their order, as a journal does. Whoever used the volume has to begin anew.
   */
  crash(kept = 0): void {
    for (const undo of this.#undo.splice(kept).reverse()) undo();
    this.#undo = [];
  }

  /** An empty directory, until what is answered is called: another disk, or none, is mounted here. */
  unmount(): () => void {
    const real = this.root;
    this.root = this.newDirectory();
    return () => {
      this.root = real;
    };
  }

  /**
   * Mounts a file system of its own at a directory that is there, until what is answered is called; that
   * answers how to mount the same again, perhaps under another number.
   */
  mount({ directory, name }: Name, device: string): () => (device: string) => void {
    const beneath = this.child(directory, name)?.inode;
    if (beneath?.kind !== 'directory') throw new Error(`${name} is no directory`);
    const mounted = this.newDirectory();
    const put = (number: string): void => {
      for (const inode of withAll(mounted)) inode.device = number;
      this.#setChild(directory, name, { name, inode: mounted });
    };
    put(device);
    return () => {
      this.#setChild(directory, name, { name, inode: beneath });
      return put;
    };
  }

  newFile(pieces: readonly Uint8Array[] = [], mode = 0o644): FileInode {
    return { ...this.#newInode(mode), kind: 'file', pieces };
  }

  newDirectory(mode = 0o755): DirectoryInode {
    return { ...this.#newInode(mode), kind: 'directory', children: new Map() };
  }

  newSymlink(target: string): AnyInode {
    return { ...this.#newInode(0o777), kind: 'symlink', target };
  }

  newPipe(): AnyInode {
    return { ...this.#newInode(0o644), kind: 'pipe' };
  }

  child(directory: DirectoryInode, name: string): Child | undefined {
    return directory.children.get(this.#key(name));
  }

  /** Gives the inode a name, which whatever has it loses. */
  attach(directory: DirectoryInode, name: string, inode: AnyInode): void {
    if (directory.device !== undefined) inode.device = directory.device;
    this.#setChild(directory, name, { name, inode });
    this.#changed(inode);
  }

  detach(directory: DirectoryInode, name: string): void {
    const inode = this.child(directory, name)?.inode;
    this.#setChild(directory, name, undefined);
    if (inode !== undefined) this.#changed(inode);
  }

  /** Both names change in one breath, as a rename does. */
  rename(from: Name, to: Name): void {
    const inode = this.child(from.directory, from.name)?.inode;
    if (inode === undefined) throw new Error(`${from.name} is not there`);
    this.attach(to.directory, to.name, inode);
    const isSame = from.directory === to.directory && this.#key(from.name) === this.#key(to.name);
    if (isSame) return;
    const attached = this.#undo.length - 1;
    this.detach(from.directory, from.name);
    const steps = this.#undo.splice(attached);
    this.#undo.push(() => {
      for (const undo of steps.toReversed()) undo();
    });
  }

  setPieces(file: FileInode, pieces: readonly Uint8Array[]): void {
    const before = file.pieces;
    file.pieces = pieces;
    this.#undo.push(() => {
      file.pieces = before;
    });
    this.setAttributes(file, { mtimeNs: this.#time() });
  }

  setAttributes(inode: AnyInode, to: { readonly mtimeNs?: bigint; readonly mode?: number }): void {
    const { mtimeNs, mode } = inode;
    Object.assign(inode, to);
    this.#undo.push(() => Object.assign(inode, { mtimeNs, mode }));
    this.#changed(inode);
  }

  setRoot(root: DirectoryInode | undefined): void {
    const before = this.root;
    this.root = root;
    this.#undo.push(() => {
      this.root = before;
    });
  }

  #setChild(directory: DirectoryInode, name: string, child: Child | undefined): void {
    const key = this.#key(name);
    const before = directory.children.get(key);
    putChild(directory, key, child);
    this.#undo.push(() => putChild(directory, key, before));
    directory.mtimeNs = this.#time();
    directory.ctimeNs = directory.mtimeNs;
  }

  #changed(inode: AnyInode): void {
    inode.ctimeNs = this.#time();
  }

  #key(name: string): string {
    return this.caseSensitive ? name : fold(name);
  }

  #time(): bigint {
    const ns = BigInt(Math.round(this.#now() * 1e6));
    return ns - (ns % this.#tick);
  }

  #newInode(mode: number) {
    const time = this.#time();
    this.#lastNumber += 1;
    return {
      number: this.#inodes ? this.#lastNumber : undefined,
      bornNs: time,
      mtimeNs: time,
      ctimeNs: time,
      mode,
    };
  }
}

function putChild(directory: DirectoryInode, key: string, child: Child | undefined): void {
  if (child === undefined) directory.children.delete(key);
  else directory.children.set(key, child);
}

function* withAll(inode: AnyInode): Iterable<AnyInode> {
  yield inode;
  if (inode.kind !== 'directory') return;
  for (const { inode: child } of inode.children.values()) yield* withAll(child);
}
