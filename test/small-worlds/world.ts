import type { Change } from '../../src/core/change.ts';
import { difference } from '../../src/core/difference.ts';
import { type Entry, type NodeId, plain, sameEntry, type Versioned } from '../../src/core/entry.ts';
import { judge } from '../../src/core/judge.ts';
import { merge } from '../../src/core/merge.ts';
import { offerOf } from '../../src/core/offer.ts';
import { orderOffer } from '../../src/core/order-offer.ts';
import { MemoryTree, pathOf } from '../../src/core/tree.ts';
import { twins } from '../../src/core/twins.ts';

/**
 * The whole decision in a small model: a serializing server and clients with three trees each, over
 * nothing but the core. A disk is its local tree; a round is never interrupted.
 */
export class World {
  readonly clients: Client[];
  readonly tree = new MemoryTree<Versioned>();
  cursor = 0;
  refusals = 0;
  /** Contents that a person saved. */
  readonly saved = new Set<string>();
  /** Contents that a person overwrote or deleted, having them before their eyes. */
  readonly superseded = new Set<string>();
  #ids = 0;
  #contents = 0;

  constructor(clients: number) {
    this.clients = Array.from({ length: clients }, (_, index) => new Client(this, `c${index}`));
  }

  newId(): NodeId {
    this.#ids += 1;
    return `n${String(this.#ids).padStart(4, '0')}`;
  }

  newContent(): string {
    this.#contents += 1;
    const content = `content ${this.#contents}`;
    this.saved.add(content);
    return content;
  }

  /** Later contents are newer. */
  file(content: string): { checksum: string; size: number; mtime: number; executable: boolean } {
    return {
      checksum: content,
      size: 1,
      mtime: Number(content.slice(8)) * 1000,
      executable: false,
    };
  }

  commit(client: Client, changes: readonly Change[]): readonly number[] | undefined {
    const judgement = judge(this.tree, { changes, cursor: this.cursor, author: client.name });
    if (judgement.type === 'refused') {
      this.refusals += 1;
      return undefined;
    }
    for (const { node, after } of judgement.applied) this.tree.set(node, after);
    this.cursor += changes.length;
    return judgement.applied.map(({ cursor }) => cursor);
  }

  /** Lets every client make rounds until a whole turn does nothing. Answers the turns it took. */
  settle(limit = 20): number {
    for (let turn = 1; turn <= limit; turn += 1) {
      const did = this.clients.map((client) => client.round());
      if (did.every((one) => !one)) return turn;
    }
    throw new Error('the world does not come to rest');
  }

  /** What is wrong with a world at rest; nothing, if all is well. */
  faults(): string[] {
    const there = snapshot(this.tree);
    const held = new Set([...this.tree.entries()].map(([, entry]) => contentIn(entry)));
    const unequal = this.clients.filter((client) => snapshot(client.local) !== there);
    const lost = [...this.saved].filter((one) => !held.has(one) && !this.superseded.has(one));
    return [
      ...unequal.map(
        ({ name, local }) => `${name} differs:\n${snapshot(local)}\nserver:\n${there}`,
      ),
      ...lost.map((content) => `lost: ${content}\nserver:\n${there}`),
    ];
  }
}

const contentIn = (entry: Entry): string => (entry.kind === 'file' ? entry.checksum : '');

/** Paths, ids and contents, sorted. */
export function snapshot(tree: MemoryTree): string {
  const lines = [...tree.entries()].map(([id, entry]) => {
    const path = pathOf(tree, id)?.join('/') ?? `NOWHERE(${id})`;
    return `${path} ${entry.kind} ${contentIn(entry)} ${id}`;
  });
  return lines.sort().join('\n');
}

export class Client {
  readonly name: string;
  readonly synced = new MemoryTree<Versioned>();
  readonly local = new MemoryTree<Entry>();
  remote = new MemoryTree<Versioned>();
  readonly #world: World;

  constructor(world: World, name: string) {
    this.#world = world;
    this.name = name;
  }

  pull(): void {
    this.remote = new MemoryTree(this.#world.tree.entries());
  }

  /** One round. `between` is run after the pull and before the offer: others may commit there. */
  round(between: () => void = () => {}): boolean {
    this.pull();
    this.#unite();
    const { synced, local, remote } = this;
    const changed = this.changed();
    const { target } = merge({
      synced,
      local,
      remote,
      changed,
      sheltered: () => false,
      taken: () => false,
      clientName: this.name,
      newId: () => this.#world.newId(),
    });
    const ids = [...new Set([...changed, ...target.touched])];
    const steps = difference(local, target, ids);
    for (const { node, after } of steps) local.set(node, after);
    for (const id of ids) synced.set(id, remote.get(id));
    between();
    const offers = orderOffer(difference(remote, target, ids), { remote, target });
    for (const group of offers) if (!this.#offer(group.map(offerOf))) break;
    return steps.length > 0 || offers.length > 0;
  }

  /** Rule C2: after an accepted commit, synced takes exactly the fields offered, with their versions. */
  #offer(changes: readonly Change[]): boolean {
    const cursors = this.#world.commit(this, changes);
    for (const [index, change] of changes.entries()) {
      const cursor = cursors?.[index];
      if (cursor !== undefined) this.synced.set(change.node, this.#afterOffer(change, cursor));
    }
    return cursors !== undefined;
  }

  #afterOffer(change: Change, cursor: number): Versioned | undefined {
    if (change.type === 'delete') return undefined;
    const before = this.synced.get(change.node);
    const here = this.local.get(change.node);
    if (here === undefined) throw new Error('offered what is not here');
    const placed = change.type === 'create' || change.place !== undefined;
    const written = change.type === 'create' || change.content !== undefined;
    return {
      ...here,
      placeVersion: placed ? cursor : (before?.placeVersion ?? 0),
      contentVersion: written ? cursor : (before?.contentVersion ?? 0),
      author: written ? this.name : (before?.author ?? this.name),
    };
  }

  #unite(): void {
    for (const { node, to } of twins({ ...this, changed: this.changed() })) {
      this.local.set(to, this.local.get(node));
      this.local.set(node, undefined);
      for (const child of [...this.local.children(node)]) {
        const entry = this.local.get(child);
        if (entry) this.local.set(child, { ...entry, parent: to });
      }
    }
  }

  changed(): NodeId[] {
    const { synced, local, remote } = this;
    const ids = new Set([...synced.ids(), ...local.ids(), ...remote.ids()]);
    return [...ids].filter((id) => {
      const [s, l, r] = [synced.get(id), local.get(id), remote.get(id)];
      const sameVersions =
        s?.placeVersion === r?.placeVersion && s?.contentVersion === r?.contentVersion;
      return !sameVersions || !sameEntry(s && plain(s), l && plain(l));
    });
  }
}
