import type { Step } from '../../core/difference.ts';
import { type FileEntry, type NodeId, sameBytes, sameContent } from '../../core/entry.ts';
import { inGroups } from '../../core/in-groups.ts';
import { ahead } from '../ahead.ts';
import { atOnce } from '../at-once.ts';
import { madeOf, mergeAgain, mergeFor } from '../merge-contents.ts';
import { DiskError, type Look, type Note, type Path, type Staged } from '../ports.ts';
import { Stale } from '../session.ts';
import { type Carrier, placed } from './carrier.ts';
import { downloadLarge } from './download-large.ts';
import { dropNode } from './drop-nodes.ts';
import { holdDependent } from './place-nodes.ts';
import {
  copyLocally,
  fetchSmall,
  type SmallContents,
  stageMerged,
  stageSmall,
} from './stage-content.ts';

/** Contents up to this size are fetched many at a time; larger ones stream one by one. Bytes. */
const SMALL = 1024 * 1024;
/**
 * Of one group that is fetched, written, made durable and recorded together: all of it waits for the disk at once,
 * and holds so many files open meanwhile.
 */
const GROUP = { count: 512, size: 16 * 1024 * 1024 };

type FileStep = Step & { readonly after: FileEntry };

/** New and changed contents: staged outside of sight, verified, then put in their places (C1). Copies come first. */
export async function writeContents(carrier: Carrier): Promise<void> {
  const steps = carrier.open(changesContent);
  const copies = new Set(carrier.decision.copies.map(({ copy }) => copy));
  const first = steps.filter(({ node }) => copies.has(node));
  const then = steps.filter(({ node }) => !copies.has(node));
  const counter = new Counter(carrier, steps);
  await dropPartials(carrier);
  noteBases(carrier);
  const groups = [...groupsOf(first), ...groupsOf(then)];
  for await (const [group, contents] of ahead(groups, (one) => fetchGroup(carrier, one))) {
    await writeGroup(carrier, { group, contents }, counter);
    await carrier.record();
  }
}

function fetchGroup(carrier: Carrier, group: readonly Step[]): Promise<SmallContents> {
  const small = openIn(carrier, group)
    .filter(isFile)
    .filter((step) => isSmallFromServer(carrier, step));
  return fetchSmall(
    carrier,
    small.map(({ after }) => after),
  );
}

function openIn(carrier: Carrier, group: readonly Step[]): Step[] {
  return group.filter(({ node, after }) => {
    if (after !== undefined) holdDependent(carrier, node, after);
    return !carrier.held.has(node);
  });
}

/** What a copy and its original were made from is forgotten with the next agreement; who merges them later needs it. */
function noteBases({ decision, session: { state } }: Carrier): void {
  const notes = decision.copies.flatMap(({ copy, of }): Note[] => {
    const base = state.synced.get(of);
    if (base?.kind !== 'file') return [];
    return [{ type: 'base', node: copy, base: { checksum: base.checksum, size: base.size } }];
  });
  if (notes.length > 0) state.record(notes);
}

/** Of a download that was cut off, or could not be placed, nobody may want the rest any more. */
async function dropPartials({ session, decision }: Carrier): Promise<void> {
  const { partials, waiting } = session;
  const wanted = decision.steps.filter(isFile).map(({ after }) => after);
  const kept = new Set(wanted.flatMap((after) => [after.checksum, nameOf(after)]));
  for (const [name, { staged, hash }] of partials) {
    if (kept.has(name)) continue;
    hash.abandon();
    await drop(partials, name, staged);
  }
  for (const [name, staged] of waiting) if (!kept.has(name)) await drop(waiting, name, staged);
}

async function drop(all: Map<string, unknown>, name: string, staged: Staged): Promise<void> {
  all.delete(name);
  await staged.discard();
}

/** What a staged file is, with the times and the mode that it has. */
const nameOf = ({ checksum, mtime, executable }: FileEntry): string =>
  `${checksum} ${mtime} ${executable}`;

const changesContent = ({ before, after }: Step): boolean => {
  if (after === undefined || after.kind === 'directory') return false;
  return before === undefined || !sameContent(before, after);
};

const isFile = (step: Step): step is FileStep => step.after?.kind === 'file';

const groupsOf = (steps: readonly Step[]): Iterable<Step[]> =>
  inGroups(steps, GROUP, ({ after }) => (after?.kind === 'file' ? after.size : 0));

async function writeGroup(
  carrier: Carrier,
  { group, contents }: { group: readonly Step[]; contents: SmallContents },
  counter: Counter,
): Promise<void> {
  await atOnce(openIn(carrier, group), GROUP.count, async (step) => {
    await carrier.attempt(step.node, () => write(carrier, step, contents));
    counter.count(step);
  });
}

const isSmallFromServer = (carrier: Carrier, step: FileStep): boolean =>
  needsBytes(step) &&
  step.after.size <= SMALL &&
  localSource(carrier, step) === undefined &&
  mergeFor(carrier.session, step.node, step.after) === undefined;

/** The node whose content here is the one to be written: of the losing version of a conflict. */
const localSource = ({ decision }: Carrier, { node }: Step): NodeId | undefined =>
  decision.copies.find(({ copy, side }) => copy === node && side === 'local')?.of;

const needsBytes = ({ before, after }: FileStep): boolean =>
  before === undefined || !sameBytes(before, after);

async function write(carrier: Carrier, step: Step, contents: SmallContents): Promise<void> {
  const { node, after } = step;
  const { disk } = carrier.session;
  const parent = after && carrier.pathOf(after.parent);
  if (after === undefined || parent === undefined) return carrier.hold(node);
  const path = [...parent, after.name];
  await clearTheWay(carrier, step, path);
  if (carrier.held.has(node)) return;
  const expected = carrier.where.get(node) ? await carrier.expect(node) : undefined;
  if (after.kind === 'symlink') {
    carrier.did(node, after, await disk.makeSymlink(path, after.target, expected));
  } else if (isFile(step) && !needsBytes(step) && expected !== undefined) {
    carrier.did(node, placed(after, after), await disk.touch(path, step.after, expected));
  } else if (isFile(step)) {
    const staged = await stage(carrier, step, contents);
    if (staged === undefined) return;
    carrier.did(node, placed(after, after), await put(carrier, staged, { step, path, expected }));
  }
}

interface Putting {
  readonly step: FileStep;
  readonly path: Path;
  readonly expected: Look | undefined;
}

/** What the disk does not let be placed now is kept when it is large, so that it comes only once (C40). */
async function put(
  carrier: Carrier,
  staged: Staged,
  { step: { after }, path, expected }: Putting,
): Promise<Look> {
  const { disk, waiting } = carrier.session;
  try {
    return await disk.place(staged, path, expected);
  } catch (error) {
    const isKept =
      error instanceof DiskError &&
      (error.problem === 'busy' || error.problem === 'denied') &&
      after.size > SMALL &&
      !waiting.has(nameOf(after)) &&
      (await isUntouched(carrier, path, expected));
    if (isKept) waiting.set(nameOf(after), staged);
    else await staged.discard();
    throw error;
  }
}

/** A step that failed half way may have given the staged file its name: then it is the user's, and no longer ours. */
async function isUntouched(
  { session: { disk } }: Carrier,
  path: Path,
  expected: Look | undefined,
): Promise<boolean> {
  try {
    const there = await disk.look(path);
    return there?.inode !== '' && there?.inode === expected?.inode;
  } catch (error) {
    if (error instanceof DiskError) return false;
    throw error;
  }
}

/** A node that is to go may still have the name: it goes now, when the new content is at hand. */
async function clearTheWay(carrier: Carrier, { node, after }: Step, path: Path): Promise<void> {
  if (after === undefined) return;
  for (const other of carrier.where.named(after.parent, after.name)) {
    if (other !== node && !(await dropNode(carrier, other))) {
      carrier.problem(node, 'exists', `${path.join('/')} is in the way and cannot be removed yet.`);
    }
  }
}

async function stage(
  carrier: Carrier,
  step: FileStep,
  contents: SmallContents,
): Promise<Staged | undefined> {
  const { node, after } = step;
  const source = localSource(carrier, step);
  if (source !== undefined) return await copyLocally(carrier, source, after);
  const merge = mergeFor(carrier.session, node, after);
  if (merge !== undefined) return await stageMerge(carrier, step, merge);
  if (after.size <= SMALL) return await stageSmall(carrier, step, contents);
  const { waiting } = carrier.session;
  const here = waiting.get(nameOf(after));
  waiting.delete(nameOf(after));
  return here ?? (await downloadLarge(carrier, node, after));
}

/**
 * What went into it is noted before the disk is touched: a crash in between leaves a note of a version that was
 * here indeed, and the history may keep it.
 */
async function stageMerge(
  carrier: Carrier,
  step: FileStep,
  merge: NonNullable<ReturnType<typeof mergeFor>>,
): Promise<Staged> {
  const { session } = carrier;
  const { node, after } = step;
  const path = carrier.pathOf(node) ?? [];
  const bytes = merge.bytes ?? (await mergeAgain(session, node, path));
  if (bytes === undefined) throw new Stale(path);
  const made = madeOf(session.state, node, { from: merge.from, checksum: after.checksum });
  session.state.record([{ type: 'merged', node, made }]);
  return await stageMerged(carrier, step, bytes);
}

/** Tells how far the contents are; where only a part of them is under way, with what came before it. */
class Counter {
  readonly #carrier: Carrier;
  readonly #filesTotal: number;
  /** Undefined while more is to come, of which nobody knows how large it is. */
  readonly #bytesTotal: number | undefined;

  constructor(carrier: Carrier, steps: readonly Step[]) {
    const { decision, session } = carrier;
    this.#carrier = carrier;
    this.#filesTotal = session.arriving.files + steps.length + decision.later;
    const bytes = steps.filter(isFile).reduce((sum, { after }) => sum + after.size, 0);
    this.#bytesTotal = decision.later > 0 ? undefined : session.arriving.bytes + bytes;
  }

  count({ after }: Step): void {
    const { received, session } = this.#carrier;
    received.files += 1;
    received.bytes += after?.kind === 'file' ? after.size : 0;
    const files = session.arriving.files + received.files;
    const bytes = session.arriving.bytes + received.bytes;
    const [filesTotal, bytesTotal] = [this.#filesTotal, this.#bytesTotal ?? bytes];
    session.listener.progressed({ step: 'download', files, filesTotal, bytes, bytesTotal });
  }
}
