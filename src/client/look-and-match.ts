import type { NodeId } from '../core/entry.ts';
import { type Matched, match } from '../core/match.ts';
import { findDiffering } from './find-differing.ts';
import { type Asked, type FoundHere, lookAround, type Surroundings } from './look-around.ts';
import { withoutMounts } from './mounts.ts';
import type { Path } from './ports.ts';
import { located, placesOf } from './record-present.ts';
import type { Session, Where } from './session.ts';

export interface MatchedHere extends Matched<FoundHere> {
  /** Ids that were made for what is new. */
  readonly made: ReadonlySet<NodeId>;
}

/**
 * What is in these directories, and which nodes that are. Of everything, what is as it was is passed over; of what is new
 * or differs, as much as there is room for, and the rest is left. Where something vanished nothing is: it may have gone to
 * what would be left.
 */
export async function lookAndMatch(
  session: Session,
  where: Where,
  room: number,
): Promise<[Surroundings, MatchedHere]> {
  const asked = where === 'everything' ? await findDiffering(session) : [...where];
  const known = new Set(asked.map((path) => path.join('/')));
  for (;;) {
    const some = await lookAndMatchWithin(session, { where: asked, room });
    const more = unentered(session, some[1]).filter((path) => !known.has(path.join('/')));
    if (more.length === 0) return some;
    asked.push(...more);
    for (const path of more) known.add(path.join('/'));
  }
}

async function lookAndMatchWithin(
  session: Session,
  asked: Asked,
): Promise<[Surroundings, MatchedHere]> {
  const some = await lookAndMatchAt(session, asked);
  const [{ left }, { vanished }] = some;
  if (left.length === 0 || vanished.length === 0) return some;
  return await lookAndMatchAt(session, { ...asked, room: Number.POSITIVE_INFINITY });
}

async function lookAndMatchAt(
  session: Session,
  asked: Asked,
): Promise<[Surroundings, MatchedHere]> {
  const { state } = session;
  const around = await lookAround(session, asked);
  noteListed(session, around);
  const made = new Set<NodeId>();
  const newId = (): NodeId => {
    const id = session.newId();
    made.add(id);
    return id;
  };
  const matched = match<FoundHere>({
    local: state.local,
    inodeOf: (id) => state.seen(id)?.inode,
    byInode: (inode) => around.ownerOf(inode),
    visited: around.visited,
    newId,
  });
  return [around, { ...withoutMounts(session, matched), made }];
}

/** What is below a directory that could not be listed was not compared: now that it can be, everything is looked at again. */
function noteListed({ unlisted, lookAgain }: Session, { looked }: Surroundings): void {
  for (const path of unlisted) {
    if (!looked.has(path)) continue;
    unlisted.delete(path);
    lookAgain.addEverything();
  }
}

/**
 * Directories that were taken for one that had moved with all that was in it, and not entered; but another has that one's
 * place, and is it by rule N2. What they hold is known by nobody, and what it was would be taken for gone.
 */
function unentered(session: Session, { present }: MatchedHere): Path[] {
  const isUnentered = ({ node, found }: MatchedHere['present'][number]): boolean =>
    found.kind === 'directory' &&
    found.below === undefined &&
    found.inode !== session.state.seen(node)?.inode;
  if (!present.some(isUnentered)) return [];
  const places = placesOf(session, present);
  const all = present.map((one) => located(one, places));
  return all.filter(isUnentered).map(({ path }) => path);
}
