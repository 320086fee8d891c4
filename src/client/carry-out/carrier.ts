import { operationOf } from '../../core/change.ts';
import type { Step } from '../../core/difference.ts';
import { type Entry, movedTo, type NodeId, plain, ROOT, sameEntry } from '../../core/entry.ts';
import { Overlay, pathOf } from '../../core/tree.ts';
import type { Decision } from '../decide.ts';
import { DiskError, type DiskProblem, type Look, type Note, type Path } from '../ports.ts';
import { isSame, readFile } from '../read-file.ts';
import { type Session, Stale } from '../session.ts';

/** What the disk said that means: somebody changed it since it was looked at. */
const STALE: ReadonlySet<DiskProblem> = new Set(['absent', 'exists', 'changed', 'not-empty']);

/** After a problem a path is tried again after a while, in milliseconds. */
const RETRY = 30_000;

/**
 * Where carrying out stands: what is where on the disk now, what has been done and not yet recorded,
 * and which nodes cannot proceed.
 */
export class Carrier {
  readonly session: Session;
  readonly decision: Decision;
  readonly steps: ReadonlyMap<NodeId, Step>;
  readonly held = new Set<NodeId>();
  /** Directories that are not what they were. */
  readonly dirty: Path[] = [];
  /** The local tree as the disk has it by now. What is lifted hangs below LIFTED. */
  readonly where: Overlay<Entry>;
  done = 0;
  /** Contents that came, as far as they are counted. */
  readonly received = { files: 0, bytes: 0 };
  readonly #copiesOf = new Map<NodeId, readonly NodeId[]>();
  #notes: Note[] = [];
  readonly #recorded = new Set<NodeId>();
  /** A step failed, and may have done all of its work before it did. */
  #isUnsure = false;

  constructor(session: Session, decision: Decision) {
    this.session = session;
    this.decision = decision;
    this.where = new Overlay<Entry>(session.state.local);
    const now = session.clock.now();
    for (const { node } of decision.steps) if (session.problems.isHeld(node, now)) this.hold(node);
    for (const node of decision.withheld) this.hold(node);
    this.steps = new Map(decision.steps.map((step) => [step.node, step]));
    for (const { copy, of } of decision.copies)
      this.#copiesOf.set(of, [...(this.#copiesOf.get(of) ?? []), copy]);
  }

  /** The steps that are still to be taken, of one sort. */
  open(isOfSort: (step: Step) => boolean): Step[] {
    return this.decision.steps.filter((step) => !this.held.has(step.node) && isOfSort(step));
  }

  /** Where a node is on the disk now; undefined while it, or what it is in, is not there. */
  pathOf(node: NodeId): Path | undefined {
    return node === ROOT ? [] : pathOf(this.where, node);
  }

  /**
   * What is at a node's path, if it is still what was recorded of it; else throws Stale. A racy
   * record is settled by reading the file.
   */
  async expect(node: NodeId): Promise<Look> {
    const path = this.pathOf(node);
    const entry = this.where.get(node);
    if (path === undefined || entry === undefined) throw new Error(`${node} is not on the disk.`);
    const look = await this.session.disk.look(path);
    if (look === undefined || look.kind !== entry.kind) throw new Stale(path);
    const seen = this.session.state.seen(node);
    if (look.kind === 'directory') {
      if (seen?.inode !== look.inode) throw new Stale(path);
      return look;
    }
    if (seen !== undefined && seen.fingerprint !== '' && seen.fingerprint === look.fingerprint)
      return look;
    return await this.#expectContent(path, entry, look);
  }

  async #expectContent(path: Path, entry: Entry, look: Look): Promise<Look> {
    if (entry.kind === 'symlink' && look.target === entry.target) return look;
    if (entry.kind !== 'file') throw new Stale(path);
    const { manifest, look: after } = await readFile(this.session.disk, path);
    if (manifest.checksum !== entry.checksum || !isSame(look, after)) throw new Stale(path);
    return after;
  }

  /**
   * Takes one step of one node on the disk. Where the disk has changed, the node waits for the next
   * round, which looks there first; what the path itself suffers from is a problem. Either holds the
   * node, and the rest goes on. Answers whether it was done.
   */
  async attempt(node: NodeId, step: () => Promise<void>): Promise<boolean> {
    try {
      await step();
    } catch (error) {
      if (!(error instanceof DiskError || error instanceof Stale)) throw error;
      this.#isUnsure = true;
      if (error instanceof Stale || this.#isStale(error)) this.#wait(node, error.path);
      else this.problem(node, error.problem, MEANING[error.problem] ?? 'It cannot be written.');
    }
    const isDone = !this.held.has(node);
    if (isDone) this.#isFree(node);
    if (isDone) this.session.problems.clear(node);
    return isDone;
  }

  /** What a look did not find the last time, the next one will not find either: it is ignored, or beyond us. */
  #isStale({ problem, path }: DiskError): boolean {
    if (problem !== 'exists') return STALE.has(problem);
    const { problems, inTheWay } = this.session;
    const isKnown = problems.isFound(path) || inTheWay.has(path.join('/'));
    inTheWay.add(path.join('/'));
    return !isKnown;
  }

  #isFree(node: NodeId): void {
    const { inTheWay } = this.session;
    if (inTheWay.size > 0) inTheWay.delete(this.pathOf(node)?.join('/') ?? '');
  }

  #wait(node: NodeId, path: Path): void {
    this.dirty.push(path.slice(0, -1));
    this.hold(node);
  }

  problem(node: NodeId, code: string, message: string): void {
    const { session, decision } = this;
    const path = pathOf(decision.target, node) ?? pathOf(this.where, node) ?? [node];
    session.problems.set(
      node,
      { path: path.join('/'), code, message },
      session.clock.now() + RETRY,
    );
    this.hold(node);
  }

  /** Neither carried out nor offered in this round; nor is the node that a copy is to be made of. */
  hold(node: NodeId): void {
    this.held.add(node);
    for (const { copy, of } of this.decision.copies) if (copy === node) this.held.add(of);
  }

  /** The disk holds this now; recorded with the next group. */
  did(node: NodeId, entry: Entry | undefined, look?: Look): void {
    this.where.set(node, entry);
    this.done += 1;
    const seen = look && { inode: look.inode, fingerprint: look.fingerprint };
    this.#notes.push({ type: 'local', node, entry, ...(seen && { seen }) });
    if (this.#isThere(node, entry)) this.#recorded.add(node);
  }

  #isThere(node: NodeId, entry: Entry | undefined): boolean {
    const target = this.decision.target.get(node);
    if (entry === undefined || target === undefined) return entry === target;
    return sameEntry(entry, target);
  }

  /** The version that loses has no copy yet: were its successor agreed on now, nobody would make one any more. */
  #isToBeCopied(node: NodeId): boolean {
    const copies = this.#copiesOf.get(node) ?? [];
    return copies.some((copy) => !this.#isThere(copy, this.where.get(copy)));
  }

  /**
   * Makes what was done durable, then records it; in this order (D02). What a step had done before it failed is found by the
   * next look, and is durable by then, too.
   */
  async record(): Promise<void> {
    if (this.#notes.length > 0 || this.#isUnsure) await this.session.disk.sync();
    this.#isUnsure = false;
    if (this.#notes.length === 0) return;
    const { state, listener } = this.session;
    const happenings = [...this.#recorded].map((node) => this.#happening(node));
    const agreed: Note[] = [...this.#recorded]
      .filter((node) => !this.held.has(node) && !this.#isToBeCopied(node))
      .map((node) => ({ type: 'synced', node, entry: this.decision.remote.get(node) }));
    state.record([...this.#notes, ...agreed]);
    this.#notes = [];
    this.#recorded.clear();
    for (const happening of happenings) listener.happened(happening);
  }

  #happening(node: NodeId): Parameters<Session['listener']['happened']>[0] {
    const { before, after } = this.steps.get(node) ?? { before: undefined, after: undefined };
    const oldPath = pathOf(this.session.state.local, node)?.join('/');
    const path = this.pathOf(node)?.join('/') ?? oldPath ?? node;
    const operation = operationOf({ before, after });
    const size = after?.kind === 'file' ? after.size : 0;
    const moved = operation === 'move' && oldPath !== undefined;
    return { direction: 'received', operation, path, size, ...(moved && { oldPath }) };
  }

  /** Rule C2: what the disk holds as decided is agreed upon; what is left between the sides is ours to offer. */
  agree(): void {
    const { state } = this.session;
    const nodes = this.decision.nodes.filter(
      (node) => !this.held.has(node) && this.#isThere(node, this.where.get(node)),
    );
    const notes = nodes.map(
      (node) => ({ type: 'synced', node, entry: this.decision.remote.get(node) }) as const,
    );
    if (notes.length > 0) state.record(notes);
  }
}

const MEANING: Partial<Record<DiskProblem, string>> = {
  exists: 'Something that cannot be synchronized has its name here.',
  denied: 'There is no permission to write it here.',
  full: 'The disk is full.',
  busy: 'Another program holds it locked.',
  unreadable: 'The disk reports an error.',
  unsupported: 'This system cannot hold it.',
  'too-long': 'The name or the path is too long for this system.',
  outside: 'The way to it leads through a symlink.',
};

/** The entry of a node on the disk after it was moved. */
export const placed = (entry: Entry, place: Entry): Entry => movedTo(plain(entry), place);
