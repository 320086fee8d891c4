import { type NodeId, ROOT } from '../core/entry.ts';
import type { Found } from '../core/match.ts';
import { checkName, NAME_PROBLEMS } from '../core/name.ts';
import { nodeAt, pathOf } from '../core/tree.ts';
import { isSameMount, wasMount } from './mounts.ts';
import { DiskError, type Listed, type Look, type Path } from './ports.ts';
import type { Problem } from './problem.ts';
import type { Session } from './session.ts';

/** What was found under one name, with what the disk tells of it. */
export interface FoundHere extends Found {
  readonly look: Look | undefined;
  readonly below?: readonly this[];
}

/** What a look at some directories, and at what is new in them, came to. */
export interface Surroundings {
  /** Known directories that were looked into, parents first. */
  readonly visited: readonly { readonly directory: NodeId; readonly found: readonly FoundHere[] }[];
  /** Every directory that was looked into, known or new, with `/`; and the names in it. */
  readonly looked: ReadonlyMap<string, ReadonlySet<string>>;
  readonly problems: readonly Problem[];
  /** Where to look next: for more than this there was no room. */
  readonly left: readonly Path[];
  /** The node that was last seen with this inode; asked of the state once. */
  ownerOf(inode: string): NodeId | undefined;
}

/** The directories to look at, and for how many things there is room in memory. */
export interface Asked {
  readonly where: readonly Path[];
  readonly room: number;
}

/**
 * Lists directories. What is known and not asked for is not entered; what is new, moved or asked for
 * is. A directory that is asked for but gone, or another one than it was, stands for the nearest one
 * above that is as it was; what is asked for in one that was moved is entered there, whether the
 * asking came by its old path or by its new one. Where something known turns up elsewhere, the place it had is looked at too, so that a move can be told
 * from a hard link.
 *
 * Where there is no room for more, directories that are new are passed over as if they were not there, and what else is
 * asked for is left: so what has vanished from here may be there.
 */
export async function lookAround(session: Session, asked: Asked): Promise<Surroundings> {
  const looking = new Looking(session, asked);
  await looking.run();
  return looking;
}

export const UNMOUNTED =
  'Another file system was mounted here, and is not there. What was in it stays as it was, here and ' +
  'elsewhere. Mount it again; if it is gone for good, add it to ignore_patterns.';

/** A directory that was found: the node it is, and the node of the directory it is in; undefined where not known. */
interface Place {
  readonly known: NodeId | undefined;
  readonly parent: NodeId | undefined;
}

class Looking implements Surroundings {
  readonly visited: { directory: NodeId; found: readonly FoundHere[] }[] = [];
  readonly looked = new Map<string, ReadonlySet<string>>();
  readonly problems: Problem[] = [];
  readonly #session: Session;
  readonly #asked: Path[];
  readonly #room: number;
  /** So many things are held by now, and of them so many are not where they were. */
  readonly #held = { all: 0, news: 0 };
  readonly #left = new Map<string, Path>();
  readonly #owners = new Map<string, NodeId | undefined>();
  /** What is asked for and all above it, by path and by node: which of the two holds shows when it is found. */
  readonly #ways = { paths: new Set<string>(), nodes: new Set<NodeId>() };
  readonly #seen = new Set<NodeId>();

  constructor(session: Session, { where, room }: Asked) {
    this.#session = session;
    this.#asked = [...where];
    this.#room = room;
    for (const path of this.#asked) this.#noteWay(path);
  }

  #noteWay(path: Path): void {
    const { paths, nodes } = this.#ways;
    for (let end = path.length; end > 0; end -= 1) {
      const way = path.slice(0, end);
      const text = way.join('/');
      if (paths.has(text)) return;
      paths.add(text);
      const node = nodeAt(this.#session.state.local, way);
      if (node !== undefined) nodes.add(node);
    }
  }

  get left(): readonly Path[] {
    return [...this.#left.values()];
  }

  ownerOf(inode: string): NodeId | undefined {
    if (!this.#owners.has(inode)) this.#owners.set(inode, this.#session.state.byInode(inode));
    return this.#owners.get(inode);
  }

  async run(): Promise<void> {
    const given = new Set(this.#asked.sort((a, b) => a.length - b.length));
    // It grows meanwhile.
    for (const path of this.#asked) {
      const directory = nodeAt(this.#session.state.local, path);
      if (directory !== undefined && this.#seen.has(directory)) continue;
      if (this.#held.all >= this.#room && given.has(path)) this.#leave(path);
      else if (directory === undefined) this.#asked.push(path.slice(0, -1));
      else await this.#visit(directory, path);
    }
  }

  #leave(path: Path): void {
    this.#left.set(path.join('/'), path);
  }

  async #visit(directory: NodeId, path: Path): Promise<void> {
    this.#seen.add(directory);
    const isIt = directory === ROOT || (await this.#isStill(directory, path));
    const found = isIt ? await this.#list(path, directory) : undefined;
    if (found === 'absent' || found === undefined) this.#lookAbove(path);
    else if (found !== 'unknown') this.visited.push({ directory, found });
  }

  /** Another directory in its place holds what is another's: that must not pass for what this one holds. */
  async #isStill(directory: NodeId, path: Path): Promise<boolean> {
    const { state, disk } = this.#session;
    if (state.local.get(directory)?.kind !== 'directory') return false;
    try {
      return (await disk.look(path))?.inode === state.seen(directory)?.inode;
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      return true; // Listing it tells why.
    }
  }

  #lookAbove(path: Path): void {
    if (path.length === 0) throw new DiskError('absent', path);
    this.#asked.push(path.slice(0, -1));
  }

  /** What is in a directory; `known` undefined: it is new, or has come from elsewhere. */
  async #list(path: Path, known: NodeId | undefined): Promise<FoundHere[] | 'absent' | 'unknown'> {
    let listed: readonly Listed[];
    try {
      listed = await this.#session.disk.list(path);
    } catch (error) {
      return this.#unlisted(path, error);
    }
    this.looked.set(path.join('/'), new Set(listed.map(({ name }) => name)));
    const found: FoundHere[] = [];
    for (const one of listed) {
      const here = await this.#find([...path, one.name], one, known);
      if (here !== undefined) found.push(here);
    }
    return found;
  }

  #unlisted(path: Path, error: unknown): 'absent' | 'unknown' {
    if (!(error instanceof DiskError)) throw error;
    if (error.problem === 'absent') return 'absent';
    this.#report(
      path,
      error.problem,
      'The directory cannot be read; what is in it stays as it was.',
    );
    return 'unknown';
  }

  async #find(
    path: Path,
    { name, look, problem }: Listed,
    parent: NodeId | undefined,
  ): Promise<FoundHere | undefined> {
    if (this.#session.ignore.ignores(path, look?.kind === 'directory')) return undefined;
    const badName = checkName(name);
    if (look === undefined || badName !== undefined) {
      const why = badName && NAME_PROBLEMS[badName];
      this.#report(path, badName ?? problem ?? 'unsupported', why ?? 'It cannot be synchronized.');
      return { name, kind: undefined, inode: '', look: undefined };
    }
    const here = { name, kind: look.kind, inode: look.inode, look };
    const known = parent === undefined ? undefined : this.#session.state.local.find(parent, name);
    const stays = known !== undefined && this.#session.state.seen(known)?.inode === look.inode;
    if (!stays) this.#lookWhereItWas(look.inode, known);
    if (known === undefined && this.#held.news >= this.#room && this.#isNewDirectory(look)) {
      this.#leave(path.slice(0, -1));
      return undefined;
    }
    this.#held.all += 1;
    if (!stays) this.#held.news += 1;
    if (look.kind !== 'directory') return here;
    const isAsKnown = stays && !this.#session.problems.isFound(path);
    if (isAsKnown && !this.#isAskedHere(path, known)) return here;
    const node = stays ? known : this.#movedDirectory(look.inode);
    const listed = await this.#findBelow(path, here, { known: node, parent });
    if (stays || known === undefined || !this.#isUnmounted(known, listed)) return listed;
    this.#report(path, 'unmounted', UNMOUNTED);
    return { name, kind: undefined, inode: '', look: undefined };
  }

  /** It is where the tree does not have it, so nobody looks into it by that path. */
  #isAskedHere(path: Path, known: NodeId): boolean {
    const { paths, nodes } = this.#ways;
    const isAsked = nodes.has(known) || paths.has(path.join('/'));
    return isAsked && nodeAt(this.#session.state.local, path) !== known;
  }

  async #findBelow(
    path: Path,
    here: FoundHere,
    { known, parent }: Place,
  ): Promise<FoundHere | undefined> {
    const below = await this.#list(path, known);
    if (below === 'absent') return this.#passOver();
    if (below === 'unknown') return here;
    if (known !== undefined) this.#seen.add(known);
    const isBare = known === undefined && below.every(({ kind }) => kind === undefined);
    if (isBare && !this.#isAwaited(here, parent) && this.#holdsAnything(path))
      return this.#passOver();
    return { ...here, below };
  }

  #passOver(): undefined {
    this.#held.all -= 1;
    this.#held.news -= 1;
  }

  /** Something else is where a file system was mounted, and nothing of what was in that is in it (rule S18). */
  #isUnmounted(known: NodeId, listed: FoundHere | undefined): boolean {
    const { state } = this.#session;
    if (listed === undefined || !wasMount(this.#session, known)) return false;
    if (isSameMount(state.seen(known)?.inode ?? '', listed.inode)) return false;
    const isThere = ({ name }: FoundHere): boolean => state.local.find(known, name) !== undefined;
    return [...state.local.children(known)].length > 0 && !(listed.below ?? []).some(isThere);
  }

  #isNewDirectory({ kind, inode }: Look): boolean {
    return kind === 'directory' && this.#movedDirectory(inode) === undefined;
  }

  /** A directory that has come from elsewhere brings along what was known to be in it. */
  #movedDirectory(inode: string): NodeId | undefined {
    const { state } = this.#session;
    const owner = this.ownerOf(inode);
    return owner !== undefined && state.local.get(owner)?.kind === 'directory' ? owner : undefined;
  }

  /** A new directory with nothing in it but what is not synchronized is not shown to others (rule S3). */
  #holdsAnything(path: Path): boolean {
    return (this.looked.get(path.join('/'))?.size ?? 0) > 0;
  }

  /** The server has something of this name here: the two have to meet, whatever is in it. */
  #isAwaited({ name }: FoundHere, parent: NodeId | undefined): boolean {
    return parent !== undefined && this.#session.state.remote.find(parent, name) !== undefined;
  }

  #lookWhereItWas(inode: string, known: NodeId | undefined): void {
    const { state } = this.#session;
    const owner = this.ownerOf(inode);
    const parent =
      owner === undefined || owner === known ? undefined : state.local.get(owner)?.parent;
    if (parent === undefined || this.#seen.has(parent)) return;
    const path = parent === ROOT ? [] : pathOf(state.local, parent);
    if (path === undefined) return;
    this.#noteWay(path);
    this.#asked.push(path);
  }

  #report(path: Path, code: string, message: string): void {
    this.problems.push({ path: path.join('/'), code, message });
  }
}
