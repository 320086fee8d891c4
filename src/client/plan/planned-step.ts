import { type Operation, operationOf } from '../../core/change.ts';
import type { Step } from '../../core/difference.ts';
import { type Entry, type Kind, type NodeId, sameContent, samePlace } from '../../core/entry.ts';
import { pathOf, type Tree } from '../../core/tree.ts';
import type { Decision } from '../decide.ts';
import type { Session } from '../session.ts';

export interface PlannedStep {
  readonly operation: Operation;
  readonly kind: Kind;
  /** Afterwards; of a deletion, before. */
  readonly path: string;
  readonly oldPath: string | undefined;
  /** Bytes of a content that is written or sent; 0 where none is. */
  readonly size: number;
  /** Why, in a few words. */
  readonly reason: string;
}

/** What would be carried out on this disk, in the order of paths. */
export const plannedHere = (
  session: Session,
  decision: Decision,
  steps: readonly Step[],
): PlannedStep[] => {
  const reason = (step: Step): string => reasonHere(session, decision, step);
  return plannedIn(steps, { from: session.state.local, to: decision.target, reason });
};

/** What would be offered to the server. */
export const plannedThere = (
  session: Session,
  decision: Decision,
  steps: readonly Step[],
): PlannedStep[] => {
  const reason = (step: Step): string => reasonThere(session, decision, step);
  return plannedIn(steps, { from: decision.remote, to: decision.target, reason });
};

interface Sides {
  readonly from: Tree;
  readonly to: Tree;
  readonly reason: (step: Step) => string;
}

function plannedIn(steps: readonly Step[], { from, to, reason }: Sides): PlannedStep[] {
  const planned = steps.map((step): PlannedStep => {
    const { node, before, after } = step;
    const operation = operationOf(step);
    const [was, is] = [pathOf(from, node)?.join('/'), pathOf(to, node)?.join('/')];
    return {
      operation,
      kind: (after ?? before)?.kind ?? 'file',
      path: is ?? was ?? node,
      oldPath: operation === 'move' ? was : undefined,
      size: sizeOf(step),
      reason: reason(step),
    };
  });
  return planned.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function sizeOf({ before, after }: Step): number {
  if (after?.kind !== 'file') return 0;
  return before?.kind === 'file' && before.checksum === after.checksum ? 0 : after.size;
}

function reasonHere(session: Session, decision: Decision, { node, before, after }: Step): string {
  const settled = reasonOfConflict(session, decision, node);
  if (settled !== undefined) return settled;
  const { state } = session;
  const [there, agreed] = [state.remote.get(node), state.synced.get(node)];
  if (after === undefined) return 'deleted on the server';
  const by = there === undefined ? '' : `, by ${there.author}`;
  if (before === undefined) {
    return agreed === undefined ? `new on the server${by}` : `changed on the server${by}`;
  }
  const edited = sameContent(before, after) ? undefined : `edited on the server${by}`;
  const moved = samePlace(before, after) ? undefined : reasonOfMove(there, after, 'on the server');
  return [moved, edited].filter((one) => one !== undefined).join('; ');
}

function reasonThere(session: Session, decision: Decision, { node, before, after }: Step): string {
  const settled = reasonOfConflict(session, decision, node);
  if (settled !== undefined) return settled;
  const { state } = session;
  if (after === undefined) return 'deleted here';
  if (before === undefined) {
    return state.synced.get(node) === undefined ? 'new here' : 'changed here, and deleted there';
  }
  const edited = sameContent(before, after) ? undefined : 'edited here';
  const here = state.local.get(node);
  const moved = samePlace(before, after) ? undefined : reasonOfMove(here, after, 'here');
  return [moved, edited].filter((one) => one !== undefined).join('; ');
}

const reasonOfMove = (moved: Entry | undefined, after: Entry, where: string): string =>
  moved !== undefined && samePlace(moved, after) ? `moved ${where}` : 'its place is taken';

/** Of what both sides changed. */
function reasonOfConflict(
  { merges, state }: Session,
  { copies }: Decision,
  node: NodeId,
): string | undefined {
  const copy = copies.find((one) => one.copy === node);
  if (copy !== undefined) {
    const original = pathOf(state.local, copy.of) ?? pathOf(state.remote, copy.of) ?? [copy.of];
    const whose = copy.side === 'local' ? 'the version made here' : "the server's version";
    return `conflict copy: both sides changed ${original.join('/')}, and ${whose} goes beside it`;
  }
  const kept = copies.find((one) => one.of === node);
  if (kept !== undefined) {
    const whose = kept.side === 'local' ? "the server's version" : 'the version made here';
    return `both sides changed it; ${whose} has the path`;
  }
  return merges.get(node)?.content === undefined
    ? undefined
    : 'both sides edited the text in different lines: it is merged';
}
