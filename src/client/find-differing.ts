import { type NodeId, ROOT } from '../core/entry.ts';
import { checkName } from '../core/name.ts';
import { isUnchanged } from './observe.ts';
import type { Child, Listed, Path } from './ports.ts';
import type { Session } from './session.ts';
import { listOrNothing } from './walk-disk.ts';

/** A directory that was known, where it is now. */
interface Place {
  readonly directory: NodeId;
  readonly path: Path;
}

/**
 * Looks at everything, and answers the directories that do not hold just what was last seen in them, each by the path it
 * has now. One `lstat` for each entry and one question for each directory; nothing is held in memory of what is as it was.
 * What is new is not entered: it is to be looked at with the directory that it is in.
 */
export async function findDiffering(session: Session): Promise<Path[]> {
  const differing: Path[] = session.problems.placesFound();
  const met = new Set<NodeId>([ROOT]);
  const waiting: Place[] = [{ directory: ROOT, path: [] }];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const { differs, below } = await compare(session, place);
    if (differs) differing.push(place.path);
    for (const one of below) {
      if (met.has(one.directory)) continue;
      met.add(one.directory);
      waiting.push(one);
    }
  }
  return differing;
}

interface Compared {
  readonly differs: boolean;
  /** Known directories that are in it now. */
  readonly below: readonly Place[];
}

async function compare(session: Session, { directory, path }: Place): Promise<Compared> {
  // Why it cannot be listed is told by whoever looks at it as at one that differs.
  const listed = await listOrNothing(session.disk, path);
  if (listed === undefined) return { differs: true, below: [] };
  const children = session.state.childrenSeen(directory);
  const known = new Map(children.map((child) => [child.name, child]));
  const below: Place[] = [];
  let [asSeen, others] = [0, 0];
  for (const one of listed) {
    const child = known.get(one.name);
    const at = [...path, one.name];
    if (session.ignore.ignores(at, one.look?.kind === 'directory')) continue;
    const isAsSeen = child !== undefined && isAsWas(session, one, child);
    if (isAsSeen) asSeen += 1;
    else others += 1;
    const node = isAsSeen ? child.node : ownerOf(session, one);
    if (one.look?.kind === 'directory' && node !== undefined)
      below.push({ directory: node, path: at });
  }
  // What is known and is not there, is ignored now, or has a twin of its name, was not counted.
  return { differs: others > 0 || asSeen < children.length, below };
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
