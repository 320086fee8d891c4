import { Failure } from '../../protocol/failure.ts';
import { msToTime } from '../../protocol/time.ts';
import type { ConnectionRequest } from '../../protocol/up.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import type { Access } from '../access.ts';
import { mustFindClient, mustFindFolder } from '../find-folder.ts';
import type { ClientRecord, Clock, FolderName, FolderState, MetadataStore } from '../ports.ts';
import type { Connection } from './connection.ts';
import type { FanOut } from './fan-out.ts';
import type { Holds } from './holds.ts';
import type { SeenKeeper } from './keep-seen.ts';
import type { Roster } from './roster.ts';

export interface GreetParts {
  readonly metadata: MetadataStore;
  readonly folder: FolderName;
  readonly access: Access;
  readonly clock: Clock;
  readonly roster: Roster;
  readonly fanOut: FanOut;
  readonly holds: Holds;
  readonly seen: SeenKeeper;
}

/** Lets a connection in that says who it is. Throws the Failure that it is refused with. */
export async function greet(
  parts: GreetParts,
  connection: Connection,
  request: ConnectionRequest,
): Promise<void> {
  const client = await checkRequest(parts, connection, request);
  const state = await mustFindFolder(parts);
  // From here to the answer nothing else happens: what is committed later is told, what was before is counted in.
  if (!connection.isOpen) return;
  const isEngine = request.protocol_version !== undefined;
  const cursor = Math.max(state.cursor, parts.fanOut.cursor);
  const held = parts.holds.of(connection.clientId).length;
  const hearsOfOthers = request.presence !== false;
  const reports = isEngine && request.reports === true;
  const told = reachedBy(request, state);
  if (reports || (isEngine && request.cursor !== undefined))
    connection.reached = { cursor: told ?? Math.min(client.cursor, cursor), held: 0 };
  parts.roster.join(connection, { name: client.name, isEngine, hearsOfOthers, reports });
  connection.say({
    type: 'client_connect',
    data: {
      success: true,
      message: `Welcome, ${client.name}.`,
      server_time: msToTime(parts.clock.now()),
      ...(isEngine && {
        ...{ protocol_version: PROTOCOL_VERSION, epoch: state.epoch, cursor, held },
        applied_every: appliedEvery(parts.roster.size),
      }),
    },
  });
  parts.seen.came(connection.clientId, told);
}

/** The key comes first: who has none learns nothing about anybody. */
async function checkRequest(
  parts: GreetParts,
  { clientId, isAllowed }: Connection,
  request: ConnectionRequest,
): Promise<ClientRecord> {
  const { client_id: named, api_key: key, protocol_version: version } = request;
  if (!isAllowed && !parts.access.allows(key ?? undefined)) throw new Failure('unauthorized');
  if (named !== clientId) {
    throw new Failure('forbidden', 'The message names another client than the address.');
  }
  if (version !== undefined && version !== PROTOCOL_VERSION) {
    throw new Failure('unsupported_version');
  }
  return await mustFindClient(parts, clientId);
}

/** A client that remembers more than there is has seen another history. */
const reachedBy = ({ cursor }: ConnectionRequest, state: FolderState): number | undefined =>
  cursor === undefined || cursor <= state.cursor ? cursor : undefined;

/** Milliseconds between two reports of a client: at least, and for each client that is connected. */
const EVERY = { least: 1_000, each: 2 };

/** However many there are and whatever goes on, some hundred reports a second are all that come without being asked for. */
const appliedEvery = (clients: number): number => Math.max(EVERY.least, clients * EVERY.each);
