import type { KnownClient } from '../protocol/client-info.ts';
import { msToTime } from '../protocol/time.ts';
import type { Live } from './app.ts';
import { mustFindFolder } from './find-folder.ts';
import type { ClientRecord, Clock, FolderName, FolderState, MetadataStore } from './ports.ts';

/** How far one client is behind. */
export interface ClientLag {
  /** Its cursor is what it told last, be it stored by now or not. */
  readonly client: ClientRecord;
  readonly isOnline: boolean;
  /** It synchronizes a directory. Otherwise nothing is expected of it: it lacks nothing. */
  readonly keepsDirectory: boolean;
  /** Paths that are in trouble there, or wait for a person's word. */
  readonly held: number;
  /** That it lacks. */
  readonly changes: number;
  /** The age of the oldest of them that pruning left. Milliseconds. */
  readonly age: number;
}

export interface LagParts {
  readonly metadata: MetadataStore;
  readonly folder: FolderName;
  readonly clock: Clock;
  readonly live: Pick<Live, 'isOnline' | 'reached'>;
}

/**
 * How far each client is behind, in the order of ids. One that is away is as far as it was when it went; one that has
 * a token, or has ever applied something, keeps a directory, and a browser does neither.
 */
export async function measureLag(parts: LagParts, { cursor }: FolderState): Promise<ClientLag[]> {
  const { metadata, folder, live } = parts;
  const synchronizing = await metadata.synchronizing(folder);
  const ageAfter = agesOf(parts);
  const lags: ClientLag[] = [];
  for (const record of await metadata.clients(folder)) {
    const { clientId } = record;
    const { isOnline, reached } = {
      isOnline: live.isOnline(clientId),
      reached: live.reached(clientId),
    };
    const client = { ...record, cursor: reached?.cursor ?? record.cursor };
    const keepsDirectory =
      reached !== undefined || (!isOnline && (client.cursor > 0 || synchronizing.has(clientId)));
    const changes = keepsDirectory ? Math.max(0, cursor - client.cursor) : 0;
    const age = changes === 0 ? 0 : await ageAfter(client.cursor);
    lags.push({ client, isOnline, keepsDirectory, held: reached?.held ?? 0, changes, age });
  }
  return lags;
}

/** Most clients that are behind are so from the same change on: each is looked up once. */
function agesOf({ metadata, folder, clock }: LagParts): (cursor: number) => Promise<number> {
  const known = new Map<number, number>();
  return async (cursor) => {
    const found = known.get(cursor);
    if (found !== undefined) return found;
    const now = clock.now();
    const age = Math.max(0, now - ((await metadata.timeAfter(folder, cursor)) ?? now));
    known.set(cursor, age);
    return age;
  };
}

/** Of the folder as it is now. Throws where there is none. */
export const measureLagNow = async (parts: LagParts): Promise<ClientLag[]> =>
  await measureLag(parts, await mustFindFolder(parts));

export const lagToWire = (lag: ClientLag): KnownClient => ({
  client_id: lag.client.clientId,
  name: lag.client.name,
  sync_root: lag.client.syncRoot,
  last_seen: msToTime(lag.client.lastSeen),
  is_online: lag.isOnline,
  cursor: lag.client.cursor,
  held: lag.held,
  keeps_directory: lag.keepsDirectory,
  lag_changes: lag.changes,
  lag_seconds: lag.age / 1000,
});
