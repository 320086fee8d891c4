import type { FastifyInstance } from 'fastify';
import type { Manifest } from '../../core/chunk.ts';
import { type CommitAnswer, commitFromWire } from '../../protocol/commit.ts';
import { FAILURES } from '../../protocol/failure.ts';
import { basesOf, type WireManifest } from '../../protocol/manifest.ts';
import { ROUTES } from '../../protocol/routes.ts';
import type { AppParts } from '../app.ts';
import type { CommitOutcome } from '../commit.ts';
import { mustFindClient } from '../find-folder.ts';
import { verifyContents } from '../verify-contents.ts';
import { serve } from './serve.ts';

/** Where the engine's changes come in. */
export function addCommits(app: FastifyInstance, parts: AppParts): void {
  serve(app, ROUTES.commit, {
    answer: async ({ body, request, reply }): Promise<CommitAnswer> => {
      const bases = await basesKnown(parts, body.manifests);
      if (Array.isArray(bases)) {
        reply.code(409);
        return { type: 'unknown', bases };
      }
      const commit = commitFromWire(body, bases);
      request.clientId = commit.clientId;
      const { name: clientName } = await mustFindClient(parts, commit.clientId);
      const missing = await verifyContents(parts, commit);
      if (missing.length > 0) {
        reply.code(409);
        return { type: 'missing', chunks: missing };
      }
      const outcome = await parts.committer.commit({ ...commit, clientName, cause: 'sync' });
      if (outcome.type !== 'accepted') reply.code(409);
      return answerOf(outcome);
    },
  });
}

/** The manifests by which others are told; a list of checksums: the server lacks these. */
async function basesKnown(
  { metadata, folder }: AppParts,
  manifests: readonly WireManifest[],
): Promise<Map<string, Manifest> | string[]> {
  const wanted = basesOf(manifests);
  if (wanted.length === 0) return new Map();
  const known = await metadata.manifests(folder, wanted);
  const found = new Map(known.map((one) => [one.checksum, one]));
  const missing = wanted.filter((checksum) => !found.has(checksum));
  return missing.length > 0 ? missing : found;
}

function answerOf(outcome: CommitOutcome): CommitAnswer {
  if (outcome.type === 'accepted') {
    const { type, epoch, first, last, chain } = outcome;
    return { type, epoch, first, last, chain };
  }
  if (outcome.type === 'missing') return { type: outcome.type, chunks: [...outcome.chunks] };
  const { type, refusals } = outcome;
  return {
    type,
    refusals: refusals.map(({ node, code, message }) => {
      return { node, code, retry: FAILURES[code].retry, message };
    }),
  };
}
