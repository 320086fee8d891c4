import Type, { type Static } from 'typebox';
import { ClientId, ClientName, Cursor, DirectoryPath, Time } from './scalar.ts';

/** A client, as it tells of itself and as others are told of it. */
export const ClientInfo = Type.Object({
  client_id: ClientId,
  name: ClientName,
  sync_root: DirectoryPath,
  last_seen: Type.Optional(Time),
  is_online: Type.Optional(Type.Boolean({ default: true })),
});
export type ClientInfo = Static<typeof ClientInfo>;

/** A client as the server knows it: when it was last heard of, and how far it has come. */
export const KnownClient = Type.Object({
  client_id: ClientId,
  name: Type.String(),
  sync_root: Type.String(),
  last_seen: Time,
  is_online: Type.Boolean(),
  cursor: Cursor,
});
export type KnownClient = Static<typeof KnownClient>;

export const KnownClients = Type.Object({ clients: Type.Array(KnownClient) });
export type KnownClients = Static<typeof KnownClients>;
