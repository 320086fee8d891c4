import type { MergedInput } from '../../core/change.ts';
import type { Manifest } from '../../core/chunk.ts';
import { type Entry, type NodeId, plain, ROOT, type Versioned } from '../../core/entry.ts';
import { Overlay } from '../../core/tree.ts';
import type { Made } from '../made.ts';
import type { ClientState, Note, Seen } from '../ports.ts';
import type { Standing } from '../standing.ts';

/** What some notes make of a state, held in memory: a store writes all of it, or nothing. */
export interface Outcome {
  readonly synced: Overlay<Versioned>;
  readonly local: Overlay<Entry>;
  readonly remote: Overlay<Versioned>;
  /** In the order in which things were seen, the latest last; undefined: no longer seen. */
  readonly seen: Map<NodeId, Seen | undefined>;
  readonly manifests: readonly Manifest[];
  /** Undefined: no longer a copy. */
  readonly bases: Map<NodeId, MergedInput | undefined>;
  /** Undefined: no longer merged. */
  readonly made: Map<NodeId, Made | undefined>;
  /** Undefined: no longer allowed. */
  readonly allowed: ReadonlyMap<NodeId, string | undefined>;
  /** With the keys that were noted, and no others. */
  readonly standing: Moving;
}

type Moving = Partial<Standing>;
type Before = Pick<ClientState, 'synced' | 'local' | 'remote' | 'seen'>;
type NoteOf<T extends Note['type']> = Extract<Note, { type: T }>;

/**
 * Takes the notes in their order. Throws, as nobody has written anything yet, on notes that no
 * caller may make.
 */
export function apply(notes: readonly Note[], before: Before): Outcome {
  const outcome = {
    synced: new Overlay(before.synced),
    local: new Overlay(before.local),
    remote: new Overlay(before.remote),
    seen: new Map<NodeId, Seen | undefined>(),
    manifests: [] as Manifest[],
    bases: new Map<NodeId, MergedInput | undefined>(),
    made: new Map<NodeId, Made | undefined>(),
    allowed: new Map<NodeId, string | undefined>(),
    standing: {} as Moving,
  };
  for (const note of notes) {
    if ('node' in note && note.node === ROOT) throw new TypeError('The root has no entry.');
    switch (note.type) {
      case 'local':
        noteLocal(note, outcome);
        break;
      case 'remote':
        outcome.remote.set(note.node, note.entry);
        break;
      case 'synced':
        outcome.synced.set(note.node, note.entry);
        break;
      case 'adopt':
        adopt(note, outcome, before);
        break;
      case 'manifest':
        outcome.manifests.push(note.manifest);
        break;
      case 'base':
        outcome.bases.set(note.node, note.base);
        break;
      case 'merged':
        outcome.made.set(note.node, note.made);
        break;
      case 'allowed':
        outcome.allowed.set(note.node, note.what);
        break;
      case 'standing':
        outcome.standing = { ...outcome.standing, ...note.standing };
        break;
      default:
        note satisfies never;
    }
  }
  return outcome;
}

/** Every node that the outcome may change in one of the trees. */
export const touched = ({ synced, local, remote }: Outcome): Set<NodeId> =>
  new Set([...synced.touched, ...local.touched, ...remote.touched]);

function noteLocal({ node, entry, seen }: NoteOf<'local'>, outcome: Outcome): void {
  outcome.local.set(node, entry === undefined ? undefined : plain(entry));
  if (entry === undefined) {
    see(outcome, node, undefined);
    outcome.made.set(node, undefined);
    outcome.bases.set(node, undefined);
  } else if (seen !== undefined) see(outcome, node, seen);
}

function adopt({ node, to }: NoteOf<'adopt'>, outcome: Outcome, before: Before): void {
  const { local, seen } = outcome;
  const entry = local.get(node);
  if (entry === undefined) throw new TypeError(`${node} is not in the local tree.`);
  if (to === ROOT || local.get(to) !== undefined) throw new TypeError(`${to} is there already.`);
  const look = seen.has(node) ? seen.get(node) : before.seen(node);
  local.set(node, undefined);
  local.set(to, entry);
  see(outcome, node, undefined);
  outcome.made.set(node, undefined);
  see(outcome, to, look);
  for (const child of [...local.children(node)]) {
    const moved = local.get(child);
    if (moved !== undefined) local.set(child, { ...moved, parent: to });
  }
}

/** Leaves its old turn in the order, as what was seen last counts. */
function see({ seen }: Outcome, node: NodeId, look: Seen | undefined): void {
  seen.delete(node);
  seen.set(node, look);
}
