import fc from 'fast-check';
import { expect } from 'vitest';
import {
  type Entry,
  type NodeId,
  plain,
  ROOT,
  sameEntry,
  type Versioned,
} from '../../../core/entry.ts';
import type { Child, ClientState, Note, Seen } from '../../ports.ts';

interface Home {
  open(): ClientState;
  remove(): void;
}

/** Random notes, told to a state and to three plain maps, lead to the same. */
export function agreesWithMaps(make: () => Home): void {
  fc.assert(
    fc.property(fc.array(fc.array(anyNote, { maxLength: 8 }), { maxLength: 12 }), (batches) => {
      const [home, maps] = [make(), new Maps()];
      const state = home.open();
      for (const batch of batches) {
        const notes = batch.filter((note) => {
          const allowed = maps.allows(note);
          if (allowed) maps.take(note);
          return allowed;
        });
        state.record(notes);
        expectSame(state, maps);
      }
      home.remove();
    }),
    { numRuns: 100 },
  );
}

function expectSame(state: ClientState, maps: Maps): void {
  for (const side of ['synced', 'local', 'remote'] as const) {
    const entries = [...maps[side]];
    for (const id of IDS) expect(state[side].get(id)).toEqual(maps[side].get(id));
    for (const parent of [ROOT, ...IDS]) {
      const children = entries.filter(([, entry]) => entry.parent === parent);
      expect([...state[side].children(parent)].sort()).toEqual(children.map(([id]) => id).sort());
      // Again and again: whoever looks at a whole directory may be answered otherwise than who asks once.
      for (const name of [...NAMES, ...NAMES, ...NAMES]) {
        const named = children.filter(([, entry]) => entry.name === name).map(([id]) => id);
        expect([...state[side].named(parent, name)].sort()).toEqual(named.sort());
        const found = state[side].find(parent, name);
        expect(found === undefined ? named.length === 0 : named.includes(found)).toBe(true);
      }
    }
    for (const id of IDS) expect(state[side].get(id)).toEqual(maps[side].get(id));
  }
  for (const parent of [ROOT, ...IDS]) {
    const children = [...maps.local].filter(([, entry]) => entry.parent === parent);
    const seen = children.map(([node, { name, kind }]) => {
      return { node, name, kind, seen: maps.seen.get(node) };
    });
    const byNode = (a: Child, b: Child): number => (a.node < b.node ? -1 : 1);
    expect(state.childrenSeen(parent).sort(byNode)).toEqual(seen.sort(byNode));
  }
  const changed = maps.changed();
  expect(state.changed().sort()).toEqual(changed);
  expect(state.changedCount()).toBe(changed.length);
  const isHere = changed.some((id) => !sameEntry(maps.local.get(id), maps.synced.get(id)));
  expect(state.changedThere(9)?.sort()).toEqual(isHere ? undefined : changed);
  expect(state.changedThere(1)?.length).toBe(isHere ? undefined : Math.min(1, changed.length));
  for (const id of IDS) expect(state.seen(id)).toEqual(maps.seen.get(id));
  for (const inode of INODES) {
    const latest = [...maps.seen].filter(([, seen]) => seen.inode === inode).at(-1)?.[0];
    expect(state.byInode(inode)).toBe(inode === '' ? undefined : latest);
  }
}

const IDS = ['n1', 'n2', 'n3', 'n4', 'n5'];
const NAMES = ['a', 'b'];
const INODES = ['', 'i', 'j'];

const anyEntry: fc.Arbitrary<Entry> = fc
  .record({ parent: fc.constantFrom(ROOT, ...IDS), name: fc.constantFrom(...NAMES) })
  .chain((place) =>
    fc.constantFrom<Entry>(
      { kind: 'file', ...place, checksum: 'c', size: 1, mtime: 1, executable: false },
      { kind: 'file', ...place, checksum: 'c', size: 1, mtime: 2, executable: true },
      { kind: 'symlink', ...place, target: 't' },
      { kind: 'directory', ...place },
    ),
  );
const anyVersioned = fc
  .tuple(anyEntry, fc.nat(1), fc.nat(1), fc.constantFrom('me', 'you'))
  .map(([entry, placeVersion, contentVersion, author]): Versioned => {
    return { ...entry, placeVersion, contentVersion, author };
  });
const node = fc.constantFrom(...IDS);
const gone = fc.constant(undefined);
const look = fc.record({
  inode: fc.constantFrom(...INODES),
  fingerprint: fc.constantFrom('p', 'q'),
});
const local = (id: NodeId, entry?: Entry, seen?: Seen): Note =>
  seen === undefined
    ? { type: 'local', node: id, entry }
    : { type: 'local', node: id, entry, seen };
const remote = (id: NodeId, entry?: Versioned): Note => ({ type: 'remote', node: id, entry });
const synced = (id: NodeId, entry?: Versioned): Note => ({ type: 'synced', node: id, entry });
const anyNote: fc.Arbitrary<Note> = fc.oneof(
  fc.tuple(node, fc.oneof(anyEntry, gone)).map(([id, entry]) => local(id, entry)),
  fc.tuple(node, anyEntry, look).map((parts) => local(...parts)),
  fc.tuple(node, fc.oneof(anyVersioned, gone)).map((parts) => remote(...parts)),
  fc.tuple(node, fc.oneof(anyVersioned, gone)).map((parts) => synced(...parts)),
  fc.tuple(node, anyVersioned).map(([id, entry]) => local(id, entry)),
  fc.tuple(node, node).map(([id, to]): Note => ({ type: 'adopt', node: id, to })),
);

class Maps {
  readonly synced = new Map<NodeId, Entry>();
  readonly local = new Map<NodeId, Entry>();
  readonly remote = new Map<NodeId, Entry>();
  readonly seen = new Map<NodeId, Seen>();

  allows(note: Note): boolean {
    return note.type !== 'adopt' || (this.local.has(note.node) && !this.local.has(note.to));
  }

  take(note: Note): void {
    if (note.type === 'adopt') this.adopt(note.node, note.to);
    if (note.type === 'synced' || note.type === 'remote')
      put(this[note.type], note.node, note.entry);
    if (note.type !== 'local') return;
    put(this.local, note.node, note.entry && plain(note.entry));
    if (note.entry === undefined) this.seen.delete(note.node);
    else if (note.seen !== undefined) put(this.seen, note.node, note.seen);
  }

  adopt(id: NodeId, to: NodeId): void {
    put(this.local, to, this.local.get(id));
    put(this.seen, to, this.seen.get(id));
    this.local.delete(id);
    this.seen.delete(id);
    for (const [child, entry] of this.local) {
      if (entry.parent === id) this.local.set(child, { ...entry, parent: to });
    }
  }

  changed(): NodeId[] {
    return IDS.filter((id) => {
      const [agreed, there] = [this.synced.get(id), this.remote.get(id)];
      const remoteSame = JSON.stringify(sorted(agreed)) === JSON.stringify(sorted(there));
      return !sameEntry(this.local.get(id), agreed) || !remoteSame;
    });
  }
}

const sorted = (entry: Entry | undefined): unknown => entry && Object.entries(entry).sort();

function put<V>(map: Map<NodeId, V>, id: NodeId, value: V | undefined): void {
  map.delete(id);
  if (value !== undefined) map.set(id, value);
}
