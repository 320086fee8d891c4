import type { FastifyInstance } from 'fastify';
import { Failure } from '../../protocol/failure.ts';
import { PAGE_CHANGES } from '../../protocol/limits.ts';
import { type Manifests, manifestToWire } from '../../protocol/manifest.ts';
import {
  type ChangesPage,
  type ChangesQuery,
  remoteChangeToWire,
} from '../../protocol/remote-change.ts';
import { ROUTES } from '../../protocol/routes.ts';
import type { AppParts } from '../app.ts';
import { mustFindFolder } from '../find-folder.ts';
import { serve } from './serve.ts';

/** What a client pulls: the nodes that changed, and what their contents are made of. */
export function addChanges(app: FastifyInstance, parts: AppParts): void {
  serve(app, ROUTES.changes, { answer: ({ query }) => pageOf(parts, query) });

  serve(app, ROUTES.fetchManifests, {
    answer: async ({ body }): Promise<Manifests> => {
      const { metadata, folder } = parts;
      const bases = await metadata.manifests(folder, body.bases ?? []);
      const known = await metadata.manifests(folder, body.checksums);
      const several = known.filter(({ chunks }) => chunks.length > 1);
      return { manifests: several.map((one) => manifestToWire(one, bases)) };
    },
  });
}

async function pageOf(parts: AppParts, query: ChangesQuery): Promise<ChangesPage> {
  const { epoch, cursor } = await mustFindFolder(parts);
  const { since = 0, until = cursor, limit = PAGE_CHANGES, known = 0, chain: told } = query;
  const isOther = told !== undefined && (await parts.metadata.chain(parts.folder, known)) !== told;
  if (isOther || since > cursor || until > cursor) throw new Failure('wrong_epoch');
  if (until < since) throw new Failure('bad_request', '`until` is before `since`.');
  const range = { since, until, limit };
  const changes = await parts.metadata.changes(parts.folder, range);
  const last = changes.at(-1);
  const isFull = changes.length === limit && last !== undefined;
  const next = isFull ? last.cursor : until;
  const wanted = await parts.quarantine.newest();
  const chain = (await parts.metadata.chain(parts.folder, until)) ?? null;
  return { epoch, changes: changes.map(remoteChangeToWire), next, until, chain, wanted };
}
