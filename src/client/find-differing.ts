import { type NodeId, ROOT } from '../core/entry.ts';
import { checkName } from '../core/name.ts';
import { isUnchanged } from './observe.ts';
import type { Child, Listed, Path } from './ports.ts';
import type { Session } from './session.ts';
import { listOrNothing } from './walk-disk.ts';

/** A directory, where it is now. */
interface Place {
  /** undefined: it is new. */
  readonly directory: NodeId | undefined;
  readonly path: Path;
}

/**
 * Looks at everything, and answers the directories that do not hold just what was last seen in them, each by the path it
 * has now. One `lstat` for each entry and one question for each directory; nothing is held in memory of what is as it was.
 * What is new is to be looked at with the directory that it is in: it is entered only where a known directory is missing
 * from its place, and only to compare what of those is in it.
 */
export async function findDiffering(session: Session): Promise<Path[]> {
  const differing: Path[] = session.problems.placesFound();
  session.unlisted.clear();
  const waiting = new Waiting();
  for (let place = waiting.next(); place !== undefined; place = waiting.next()) {
    const compared = await compare(session, place);
    if (compared.differs && place.directory !== undefined) differing.push(place.path);
    waiting.add(compared);
  }
  return differing;
}

/** What is still to be compared: first where known directories are, then where those may be that are not. */
class Waiting {
  readonly #met = new Set<NodeId>([ROOT]);
  readonly #missing = new Set<NodeId>();
  readonly #known: Place[] = [{ directory: ROOT, path: [] }];
  readonly #fresh: Place[] = [];

  next(): Place | undefined {
    return this.#known.pop() ?? (this.#missing.size > 0 ? this.#fresh.pop() : undefined);
  }

  add({ below, missing }: Compared): void {
    for (const node of missing) if (!this.#met.has(node)) this.#missing.add(node);
    for (const place of below) {
      const { directory } = place;
      if (directory === undefined) this.#fresh.push(place);
      else if (!this.#met.has(directory)) {
        this.#met.add(directory);
        this.#missing.delete(directory);
        this.#known.push(place);
      }
    }
  }
}

interface Compared {
  readonly differs: boolean;
  /** Directories that are in it now. */
  readonly below: readonly Place[];
  /** Known directories that were in it and are not. */
  readonly missing: readonly NodeId[];
}

async function compare(session: Session, { directory, path }: Place): Promise<Compared> {
  const listed = await listOrNothing(session.disk, path);
  if (listed === undefined) return unlisted(session, path);
  const children = directory === undefined ? [] : session.state.childrenSeen(directory);
  const known = new Map(children.map((child) => [child.name, child]));
  const below: Place[] = [];
  const asWere = new Set<NodeId>();
  let others = 0;
  for (const one of listed) {
    const child = known.get(one.name);
    const at = [...path, one.name];
    if (session.ignore.ignores(at, one.look?.kind === 'directory')) continue;
    const isAsSeen = child !== undefined && isAsWas(session, one, child);
    if (isAsSeen) asWere.add(child.node);
    else others += 1;
    if (one.look?.kind === 'directory')
      below.push({ directory: isAsSeen ? child.node : ownerOf(session, one), path: at });
  }
  // What is known and is not there, is ignored now, or has a twin of its name.
  const left = children.filter(({ node }) => !asWere.has(node));
  const missing = left.filter(({ kind }) => kind === 'directory').map(({ node }) => node);
  return { differs: others > 0 || left.length > 0, below, missing };
}

/** Why it cannot be listed is told by whoever looks at it as at one that differs. */
function unlisted(session: Session, path: Path): Compared {
  session.unlisted.add(path.join('/'));
  return { differs: true, below: [], missing: [] };
}

/** Of what is beyond us nothing is as it was: it is told of again with each look. */
function isAsWas({ unknown }: Session, { name, look }: Listed, child: Child): boolean {
  if (look === undefined || unknown.has(child.node) || checkName(name) !== undefined) return false;
  const { kind, seen } = child;
  return look.kind === kind && look.inode === seen?.inode && isUnchanged(look, seen);
}

/** A directory that has come from elsewhere is compared where it is now. */
function ownerOf({ state }: Session, { look }: Listed): NodeId | undefined {
  if (look?.kind !== 'directory') return undefined;
  const owner = state.byInode(look.inode);
  return owner !== undefined && state.local.get(owner)?.kind === 'directory' ? owner : undefined;
}
