import Type, { type Static } from 'typebox';
import { ClientId, ClientName, Count, Cursor, DirectoryPath, Epoch, Time } from './scalar.ts';

/** A client, as it tells of itself and as others are told of it. */
export const ClientInfo = Type.Object({
  client_id: ClientId,
  name: ClientName,
  sync_root: DirectoryPath,
  last_seen: Type.Optional(Time),
  is_online: Type.Optional(Type.Boolean({ default: true })),
});
export type ClientInfo = Static<typeof ClientInfo>;

/**
 * A client as the server knows it: when it was last heard of, and how far it has come. A server of an earlier version tells
 * nothing that is optional here.
 */
export const KnownClient = Type.Object({
  client_id: ClientId,
  name: Type.String(),
  sync_root: Type.String(),
  last_seen: Time,
  is_online: Type.Boolean(),
  cursor: Type.With(Cursor, {
    description: 'Its disk holds everything up to here, but for `held`.',
  }),
  held: Type.Optional(
    Type.With(Count, {
      description: 'Paths that are in trouble there, or wait for a person’s word.',
    }),
  ),
  keeps_directory: Type.Optional(
    Type.Boolean({
      description: 'False: it keeps none up to date (a browser, or one of the plain contract).',
    }),
  ),
  lag_changes: Type.Optional(
    Type.With(Count, { description: 'Changes since `cursor`; 0 where no directory is kept.' }),
  ),
  lag_seconds: Type.Optional(
    Type.Number({ minimum: 0, description: 'The age of the oldest of them that is known.' }),
  ),
});
export type KnownClient = Static<typeof KnownClient>;

export const KnownClients = Type.Object({ clients: Type.Array(KnownClient) });
export type KnownClients = Static<typeof KnownClients>;

export const LagQuery = Type.Object(
  {
    cursor: Type.Optional(
      Type.With(Cursor, { description: 'Up to where; up to now where it is not said.' }),
    ),
    connected: Type.Optional(
      Type.Boolean({ description: 'True: only clients that are connected.' }),
    ),
  },
  { additionalProperties: false },
);
export type LagQuery = Static<typeof LagQuery>;

/** Who has not applied everything up to a cursor. */
export const Lag = Type.Object({
  epoch: Epoch,
  cursor: Type.With(Cursor, { description: 'The one that was asked about.' }),
  behind: Type.With(Count, { description: 'How many lack something of it.' }),
  clients: Type.Array(KnownClient, {
    description: 'Of these, those that lack most, at most 100. Their lags are up to now.',
  }),
});
export type Lag = Static<typeof Lag>;
