import type { FastifyInstance } from 'fastify';
import type { Done } from '../../protocol/contract-answer.ts';
import { Failure } from '../../protocol/failure.ts';
import type { ClientHold, Held } from '../../protocol/held.ts';
import { ROUTES } from '../../protocol/routes.ts';
import { msToTime } from '../../protocol/time.ts';
import type { AppParts } from '../app.ts';
import { authorOf } from './author-of.ts';
import { serve } from './serve.ts';

/** What clients ask a person about, and the person's word on it. */
export function addHeld(app: FastifyInstance, parts: AppParts): void {
  serve(app, ROUTES.held, {
    answer: async (): Promise<Held> => ({ held: await heldBy(parts) }),
  });

  serve(app, ROUTES.giveWord, {
    answer: async ({ body, request }): Promise<Done> => {
      const { client_id: clientId, held_by: heldBy, id, verb } = body;
      await authorOf(parts, { request, clientId });
      if (!parts.live.giveWord({ clientId: heldBy, id, verb })) throw notHeld();
      parts.audit.record({ clientId, action: 'word', detail: `${verb} ${id} of ${heldBy}` });
      const isThere = parts.live.isOnline(heldBy);
      return { success: true, message: isThere ? 'It is told.' : 'It is told when it connects.' };
    },
  });
}

/** A client that was forgotten meanwhile is not asked for. */
async function heldBy({ metadata, folder, live }: AppParts): Promise<ClientHold[]> {
  const held = live.held();
  if (held.length === 0) return [];
  const names = new Map(
    (await metadata.clients(folder)).map(({ clientId, name }) => [clientId, name]),
  );
  return held.flatMap(({ clientId, hold, since, word }) => {
    const name = names.get(clientId);
    if (name === undefined) return [];
    const client = { client_id: clientId, client_name: name, is_online: live.isOnline(clientId) };
    return [{ ...hold, ...client, since: msToTime(since), word: word ?? null }];
  });
}

const notHeld = (): Failure =>
  new Failure(
    'not_found',
    'Nothing of this id is held there. What is held gets another id when it changes: look again.',
  );
