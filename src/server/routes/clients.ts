import type { FastifyInstance } from 'fastify';
import type { KnownClients } from '../../protocol/client-info.ts';
import type { Done } from '../../protocol/contract-answer.ts';
import { Failure } from '../../protocol/failure.ts';
import { ROUTES } from '../../protocol/routes.ts';
import { msToTime } from '../../protocol/time.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import type { Introduction, Welcome } from '../../protocol/welcome.ts';
import type { AppParts } from '../app.ts';
import { mustFindFolder } from '../find-folder.ts';
import { lagToWire, measureLagNow } from '../measure-lag.ts';
import { serve } from './serve.ts';

/** Who is there: the contract's `POST /register` and the engine's own introduction. */
export function addClients(app: FastifyInstance, parts: AppParts): void {
  const { metadata, folder, clock, live } = parts;

  serve(app, ROUTES.register, {
    answer: async ({ body, request }): Promise<Done> => {
      const { client_id: clientId, name, sync_root: syncRoot } = body;
      request.clientId = clientId;
      const cursor = (await metadata.client(folder, clientId))?.cursor ?? 0;
      await metadata.putClient(folder, { clientId, name, syncRoot, lastSeen: clock.now(), cursor });
      live.joined({ clientId, name });
      return { success: true, message: `${name} is registered.` };
    },
  });

  serve(app, ROUTES.introduce, {
    answer: async ({ body, request }): Promise<Welcome> => {
      request.clientId = body.client_id;
      return introduce(parts, body);
    },
  });

  serve(app, ROUTES.clients, {
    answer: async (): Promise<KnownClients> => ({
      clients: (await measureLagNow(parts)).map(lagToWire),
    }),
  });
}

async function introduce(parts: AppParts, introduction: Introduction): Promise<Welcome> {
  const { metadata, folder, clock, limits } = parts;
  const { client_id: clientId, name, sync_root: syncRoot } = introduction;
  if (introduction.protocol_version !== PROTOCOL_VERSION) throw new Failure('unsupported_version');
  const { epoch, cursor } = await mustFindFolder(parts);
  const knows = await isKnown(parts, introduction, epoch);
  if (!(await isTheOne(parts, introduction, knows))) throw new Failure('cloned');
  const now = clock.now();
  // A client that remembers more than there is has seen another history: it has nothing of this one. What it knows of,
  // its disk need not hold: how far that is it tells when it is connected.
  const seen = introduction.cursor <= cursor ? introduction.cursor : 0;
  const reached = Math.min(seen, (await metadata.client(folder, clientId))?.cursor ?? seen);
  await metadata.putClient(folder, { clientId, name, syncRoot, lastSeen: now, cursor: reached });
  return {
    protocol_version: PROTOCOL_VERSION,
    epoch,
    cursor,
    knows,
    max_file_size: limits.maxFileSize,
    allowed_extensions:
      limits.allowedExtensions === undefined ? null : [...limits.allowedExtensions],
    server_time: msToTime(now),
  };
}

/** Another history, or one that was put back in time and has gone on since, has no such point (rule S5). */
async function isKnown(
  { metadata, folder }: AppParts,
  { known }: Introduction,
  epoch: string,
): Promise<boolean> {
  if (known === undefined) return true;
  return known.epoch === epoch && (await metadata.chain(folder, known.cursor)) === known.chain;
}

/**
 * Of two that run under one id, one does not have the token that the other got last (rule S20). The fresh
 * one is expected too: the answer to it may have been lost. A server that was put back in time has forgotten
 * which token it gave, and so asks for none.
 */
async function isTheOne(
  { metadata, folder }: AppParts,
  { client_id: clientId, identity }: Introduction,
  knows: boolean,
): Promise<boolean> {
  if (identity === undefined) return true;
  const { last, next } = identity;
  const expected = knows ? [next, ...(last === null ? [] : [last])] : 'any';
  return await metadata.exchangeToken(folder, clientId, { expected, next });
}
