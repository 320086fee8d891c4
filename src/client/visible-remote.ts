import type { NodeId, Versioned } from '../core/entry.ts';
import { fold, UNREPRESENTABLE, unrepresentable } from '../core/representable.ts';
import { pathOf } from '../core/tree.ts';
import { Visible } from '../core/visible.ts';
import type { Session } from './session.ts';

/** The server's tree without what this client ignores and what this system cannot hold. */
export function visibleRemote(session: Session): Visible<Versioned> {
  const { state, ignore, disk } = session;
  const twins = disk.features.caseSensitive ? undefined : new Twins(session);
  return new Visible(state.remote, (path, entry, id) => {
    if (ignore.ignores(path, entry.kind === 'directory')) return true;
    return reason(session, entry) !== undefined || twins?.isSecond(id, entry) === true;
  });
}

/** Says what is on the server and cannot be here (C14, C17): neither a deletion nor a silence. */
export function reportUnrepresentable(session: Session, changed: readonly NodeId[]): void {
  const { state, problems, ignore, disk } = session;
  const twins = disk.features.caseSensitive ? undefined : new Twins(session);
  for (const node of changed) {
    const entry = state.remote.get(node);
    const path = entry && pathOf(state.remote, node);
    if (path === undefined || ignore.ignores(path, entry?.kind === 'directory')) continue;
    const isTwin = entry !== undefined && twins?.isSecond(node, entry) === true;
    const why = entry && (reason(session, entry) ?? (isTwin ? TWIN : undefined));
    if (why === undefined) continue;
    problems.set(node, { path: path.join('/'), code: 'unrepresentable', message: why }, 0);
  }
}

/** Whether what is here, or is to come, has the name in all but case, which this system cannot tell apart. */
export function isTwinsName({ state, disk }: Session, parent: NodeId, name: string): boolean {
  if (disk.features.caseSensitive) return false;
  const folded = fold(name);
  for (const tree of [state.local, state.remote]) {
    for (const id of tree.children(parent)) {
      const other = tree.get(id)?.name ?? '';
      if (other !== name && fold(other) === folded) return true;
    }
  }
  return false;
}

const TWIN = 'Its name differs from another one only in case, which this system cannot tell apart.';

function reason({ settings, disk }: Session, { kind, name }: Versioned): string | undefined {
  if (kind === 'symlink' && !disk.features.symlinks) return 'This system has no symlinks.';
  const why = unrepresentable(name, { kind: settings.system });
  return why && UNREPRESENTABLE[why];
}

/** Names that are one name here. What is here already stays the first; else the one with the lesser id is. */
class Twins {
  readonly #session: Session;
  readonly #first = new Map<NodeId, Map<string, NodeId>>();
  readonly #here = new Map<NodeId, Map<string, NodeId>>();

  constructor(session: Session) {
    this.#session = session;
  }

  isSecond(id: NodeId, { parent, name }: Versioned): boolean {
    const { local } = this.#session.state;
    const held = cached(this.#here, parent, () => this.#hereIn(parent)).get(fold(name));
    const isHeldByOther = held !== undefined && held !== id && local.get(held)?.name !== name;
    if (isHeldByOther) return true;
    return cached(this.#first, parent, () => this.#firstIn(parent)).get(fold(name)) !== id;
  }

  /** On this disk, also what the server does not know of, or has elsewhere by now: until it is gone it has the name. */
  #hereIn(parent: NodeId): Map<string, NodeId> {
    const { local } = this.#session.state;
    const here = [...local.children(parent)];
    return new Map(here.map((id) => [fold(local.get(id)?.name ?? ''), id]));
  }

  #firstIn(parent: NodeId): Map<string, NodeId> {
    const { local, remote } = this.#session.state;
    const first = new Map<string, NodeId>();
    const rank = (id: NodeId): string => {
      if (local.get(id)?.parent === parent) return `0${id}`;
      return `${local.find(parent, remote.get(id)?.name ?? '') === undefined ? 2 : 1}${id}`;
    };
    for (const id of remote.children(parent)) {
      const name = fold(remote.get(id)?.name ?? '');
      const known = first.get(name);
      if (known === undefined || rank(id) < rank(known)) first.set(name, id);
    }
    return first;
  }
}

type ByName = Map<string, NodeId>;

function cached(known: Map<NodeId, ByName>, parent: NodeId, make: () => ByName): ByName {
  const found = known.get(parent) ?? make();
  known.set(parent, found);
  return found;
}
