import type { NodeId } from '../core/entry.ts';
import { above, pathOf, type Tree } from '../core/tree.ts';
import type { OfferStep } from './offer-step.ts';
import type { Session } from './session.ts';

interface Candidates {
  readonly steps: readonly OfferStep[];
  /** Nodes that could not be carried out. */
  readonly held: ReadonlySet<NodeId>;
  readonly target: Tree;
}

/**
 * What may be offered: not what is held, not what the server is known to refuse (too large, an
 * extension it does not take), and nothing that is to go into such a directory.
 */
export function offerable(session: Session, { steps, held, target }: Candidates): OfferStep[] {
  const now = session.clock.now();
  const out = new Set<NodeId>(held);
  for (const step of steps) {
    if (session.problems.isHeld(step.node, now) || isRefused(session, step, target))
      out.add(step.node);
  }
  if (out.size === 0) return [...steps];
  return steps.filter(({ node }) => !out.has(node) && !isBelowAny(target, node, out));
}

function isBelowAny(target: Tree, node: NodeId, out: ReadonlySet<NodeId>): boolean {
  for (const id of above(target, node)) if (out.has(id)) return true;
  return false;
}

/** A limit that the server told us needs no try; it is a problem of the path until the file or the limit changes. */
function isRefused(
  { problems, welcome }: Session,
  { node, after }: OfferStep,
  target: Tree,
): boolean {
  if (after?.kind !== 'file' || welcome === undefined) return false;
  const { maxFileSize, allowedExtensions } = welcome;
  const path = (pathOf(target, node) ?? [after.name]).join('/');
  const isAllowed =
    allowedExtensions?.some((ending) => after.name.toLowerCase().endsWith(ending)) ?? true;
  if (after.size <= maxFileSize && isAllowed) return false;
  const code = isAllowed ? 'file_too_large' : 'extension_not_allowed';
  const message = isAllowed
    ? `It has ${after.size} bytes; the server takes files up to ${maxFileSize}.`
    : `The server takes only files that end in ${allowedExtensions?.join(', ')}.`;
  problems.set(node, { path, code, message }, 0);
  return true;
}
