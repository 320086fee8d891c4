import { type NodeId, sameBytes } from '../core/entry.ts';
import { above, pathOf, type Tree } from '../core/tree.ts';
import type { OfferStep } from './offer-step.ts';
import type { Session } from './session.ts';

interface Candidates {
  readonly steps: readonly OfferStep[];
  /** Nodes that could not be carried out. */
  readonly held: ReadonlySet<NodeId>;
  readonly remote: Tree;
  readonly target: Tree;
}

/**
 * What may be offered: not what is held, not what the server is known to refuse (too large, an
 * extension it does not take), and nothing that depends on such a change.
 */
export function offerable(session: Session, candidates: Candidates): OfferStep[] {
  const { steps, held, target } = candidates;
  const now = session.clock.now();
  const out = new Set<NodeId>(held);
  for (const step of steps) {
    if (session.problems.isHeld(step.node, now) || isRefused(session, step, target))
      out.add(step.node);
  }
  for (let before = 0; before !== out.size; ) {
    before = out.size;
    for (const step of steps) if (dependsOnAny(candidates, step, out)) out.add(step.node);
  }
  return steps.filter(({ node }) => !out.has(node));
}

/** It goes into such a directory, takes such a node's name, or deletes the directory it is in. */
function dependsOnAny(
  { remote, target }: Candidates,
  { node, after }: OfferStep,
  out: ReadonlySet<NodeId>,
): boolean {
  if (after === undefined) return [...remote.children(node)].some((child) => out.has(child));
  const named = remote.named(after.parent, after.name);
  return named.some((other) => other !== node && out.has(other)) || isBelowAny(target, node, out);
}

function isBelowAny(target: Tree, node: NodeId, out: ReadonlySet<NodeId>): boolean {
  for (const id of above(target, node)) if (out.has(id)) return true;
  return false;
}

/** A limit that the server told us needs no try; it is a problem of the path until the file or the limit changes. */
function isRefused(session: Session, step: OfferStep, target: Tree): boolean {
  const limit = limitOf(session, step);
  if (limit === undefined) return false;
  const path = (pathOf(target, step.node) ?? [step.node]).join('/');
  session.problems.set(step.node, { path, ...limit }, 0);
  return true;
}

/** The server looks at the size of a new content and at the extension of a new name, and so do we. */
function limitOf(
  { welcome }: Session,
  { before, after }: OfferStep,
): { readonly code: string; readonly message: string } | undefined {
  if (after?.kind !== 'file' || welcome === undefined) return undefined;
  const { maxFileSize, allowedExtensions } = welcome;
  const isWritten = before === undefined || !sameBytes(before, after);
  if (isWritten && after.size > maxFileSize) {
    const message = `It has ${after.size} bytes; the server takes files up to ${maxFileSize}.`;
    return { code: 'file_too_large', message };
  }
  if (allowedExtensions === undefined || before?.name === after.name) return undefined;
  if (hasOneOf(allowedExtensions, after.name)) return undefined;
  const message = `The server takes only files that end in ${allowedExtensions.join(', ')}.`;
  return { code: 'extension_not_allowed', message };
}

const hasOneOf = (extensions: readonly string[], name: string): boolean =>
  extensions.some((one) => name.toLowerCase().endsWith(one));

/** Whether the server takes a new file; before the first contact, nobody knows. */
export const isWelcome = (
  { welcome }: Session,
  { name, size }: { readonly name: string; readonly size: number },
): boolean =>
  welcome !== undefined &&
  size <= welcome.maxFileSize &&
  (welcome.allowedExtensions === undefined || hasOneOf(welcome.allowedExtensions, name));
