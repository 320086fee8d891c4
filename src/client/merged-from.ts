import type { Change, MergedInput } from '../core/change.ts';
import { type Manifest, single } from '../core/chunk.ts';
import { MAX_WHOLE_SIZE } from '../core/cut.ts';
import type { NodeId } from '../core/entry.ts';
import type { OfferStep } from './offer-step.ts';
import type { ClientState } from './ports.ts';

/** What merged contents were made of (rule M9), by node, with how each of it is cut. */
export type Origins = ReadonlyMap<NodeId, readonly Manifest[]>;

/**
 * What the history is to keep with the contents that are offered. `lacking`: chunks that the server does not have;
 * what went into a content and is gone from there is not here either, and the content is offered without it.
 */
export function originsOf(
  state: ClientState,
  steps: readonly OfferStep[],
  lacking: ReadonlySet<string>,
): Origins {
  const origins = new Map<NodeId, readonly Manifest[]>();
  for (const { node, before, after } of steps) {
    const made = after?.kind === 'file' ? state.made(node) : undefined;
    if (made === undefined || before?.kind !== 'file' || after?.kind !== 'file') continue;
    const known = new Set([before.checksum, after.checksum]);
    const manifests = made.from
      .filter(({ checksum }) => !known.has(checksum))
      .flatMap((input) => manifestOf(state, input) ?? [])
      .filter(({ chunks }) => !chunks.some(({ hash }) => lacking.has(hash)));
    if (manifests.length > 0) origins.set(node, manifests);
  }
  return origins;
}

/** The change, naming what its new content was made of. */
export function withOrigins(change: Change, manifests: readonly Manifest[] | undefined): Change {
  if (change.type !== 'update' || change.content === undefined) return change;
  if (manifests === undefined) return change;
  const mergedFrom = manifests.map(({ checksum, size }): MergedInput => ({ checksum, size }));
  return { ...change, content: { ...change.content, mergedFrom } };
}

/** Those that the server has to be told. */
export const manifestsOf = (origins: Origins): Manifest[] =>
  [...origins.values()].flat().filter(({ chunks }) => chunks.length > 1);

const manifestOf = (state: ClientState, input: MergedInput): Manifest | undefined =>
  input.size <= MAX_WHOLE_SIZE ? single(input) : state.manifest(input.checksum);
