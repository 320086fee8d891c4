import { type Change, contentOf } from './change.ts';
import type { Step } from './difference.ts';
import { sameContent, samePlace, type Versioned } from './entry.ts';

/** What is offered to the server so that a node becomes what the target says; it names what it replaces. */
export function offerOf({ node, before, after }: Step<Versioned>): Change {
  if (after === undefined) {
    if (before === undefined) throw new Error(`Nothing to offer for ${node}.`);
    const { placeVersion, contentVersion } = before;
    return { type: 'delete', node, replacesPlace: placeVersion, replacesContent: contentVersion };
  }
  const content = contentOf(after);
  const place = { parent: after.parent, name: after.name };
  if (before === undefined) {
    return { type: 'create', node, kind: after.kind, place, ...(content && { content }) };
  }
  const { placeVersion, contentVersion } = before;
  const moved = !samePlace(before, after);
  const rewritten = content !== undefined && !sameContent(before, after);
  return {
    type: 'update',
    node,
    ...(moved && { place: { ...place, replaces: placeVersion } }),
    ...(rewritten && { content: { ...content, replaces: contentVersion } }),
  };
}
