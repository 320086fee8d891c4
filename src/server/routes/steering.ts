import type { FastifyInstance } from 'fastify';
import type { Done } from '../../protocol/contract-answer.ts';
import { Failure } from '../../protocol/failure.ts';
import { parse } from '../../protocol/parse.ts';
import { ROUTES } from '../../protocol/routes.ts';
import { ClientParams } from '../../protocol/steer.ts';
import type { AppParts } from '../app.ts';
import { createDirectory } from '../create-directory.ts';
import { moveFile } from '../move-file.ts';
import { settleConflict } from '../settle-conflict.ts';
import { settleMerged } from '../settle-merged.ts';
import { authorOf } from './author-of.ts';
import { serve } from './serve.ts';

/** What a person does to the folder, and who belongs to it, without a directory of their own. */
export function addSteering(app: FastifyInstance, parts: AppParts): void {
  serve(app, ROUTES.makeDirectory, {
    answer: async ({ body: { client_id: clientId, path }, request }): Promise<Done> => {
      const author = await authorOf(parts, { request, clientId });
      const isNew = await createDirectory(parts, { path, author });
      return { success: true, message: isNew ? 'It is made.' : 'It was there already.' };
    },
  });

  serve(app, ROUTES.move, {
    answer: async ({ body: { client_id: clientId, from, to }, request }): Promise<Done> => {
      const author = await authorOf(parts, { request, clientId });
      await moveFile(parts, { from, to, author });
      return { success: true, message: 'It is moved.' };
    },
  });

  serve(app, ROUTES.settle, {
    answer: async ({ body, request }): Promise<Done> => {
      const { client_id: clientId, path, keep, merged } = body;
      const author = await authorOf(parts, { request, clientId });
      if (keep !== 'merged' && merged === undefined)
        await settleConflict(parts, { path, keep, author });
      else if (keep === 'merged' && merged !== undefined)
        await settleMerged(parts, { path, merged, author });
      else
        throw new Failure('bad_request', 'A text belongs to keep: "merged", and to nothing else.');
      return { success: true, message: 'It is settled.' };
    },
  });

  serve(app, ROUTES.removeClient, {
    answer: async ({ request }): Promise<Done> => {
      const { client_id: clientId } = parse(ClientParams, request.params);
      const wasKnown = await removeClient(parts, clientId);
      return { success: true, message: wasKnown ? 'It is forgotten.' : 'It was not known.' };
    },
  });
}

/** First its connection, for that writes down when the client was seen last. It may be back before it is forgotten. */
async function removeClient({ metadata, folder, live }: AppParts, clientId: string) {
  await live.dismiss(clientId);
  const wasKnown = await metadata.removeClient(folder, clientId);
  await live.dismiss(clientId);
  return wasKnown;
}
