import type { FastifyRequest } from 'fastify';
import type { FolderView } from '../by-path.ts';
import type { Author } from '../commit-by-path.ts';
import { mustFindClient } from '../find-folder.ts';

interface Asked {
  readonly request: FastifyRequest;
  readonly clientId: string;
}

/** Whose change a request makes; the audit log knows it from then on. Throws Failure `not_registered`. */
export async function authorOf(view: FolderView, { request, clientId }: Asked): Promise<Author> {
  request.clientId = clientId;
  const { name: clientName } = await mustFindClient(view, clientId);
  return { clientId, clientName };
}
