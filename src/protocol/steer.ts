import Type, { type Static } from 'typebox';

import { MAX_MERGED_TEXT } from './limits.ts';
import { RetentionTier } from './retention.ts';
import { Bytes, ClientId, Count, RelativePath, Sha256, Time } from './scalar.ts';

/** What a person does to the folder without a directory of their own: the bodies of requests. */
export const DirectoryRequest = Type.Object(
  { client_id: ClientId, path: RelativePath },
  { additionalProperties: false },
);
export type DirectoryRequest = Static<typeof DirectoryRequest>;

export const MoveRequest = Type.Object(
  { client_id: ClientId, from: RelativePath, to: RelativePath },
  { additionalProperties: false },
);
export type MoveRequest = Static<typeof MoveRequest>;

export const SettleRequest = Type.Object(
  {
    client_id: ClientId,
    path: Type.With(RelativePath, { description: 'Of the conflict copy.' }),
    keep: Type.Enum(['original', 'copy', 'both', 'merged'], {
      description:
        'What stays: at its path the original, in its place the copy, both, the copy under a plain name, or one text made of them.',
    }),
    merged: Type.Optional(
      Type.Object(
        {
          text: Type.String({ maxLength: MAX_MERGED_TEXT }),
          original: Type.With(Sha256, { description: 'Of the version that was merged.' }),
          copy: Type.With(Sha256, { description: 'Of the copy that was merged.' }),
        },
        { additionalProperties: false, description: 'What is to be kept: with `merged`, only.' },
      ),
    ),
  },
  { additionalProperties: false },
);
export type SettleRequest = Static<typeof SettleRequest>;

export const ClientParams = Type.Object({ client_id: ClientId });

export const ActivityQuery = Type.Object(
  {
    since: Time,
    until: Type.Optional(Time),
    steps: Type.Optional(Type.Integer({ minimum: 1, maximum: 400, default: 60 })),
  },
  { additionalProperties: false },
);
export type ActivityQuery = Static<typeof ActivityQuery>;

/** How much was changed when, in equal steps of time, the oldest first. */
export const Activity = Type.Object({
  steps: Type.Array(
    Type.Object({
      time: Type.With(Time, { description: 'Of its begin.' }),
      creates: Count,
      updates: Count,
      moves: Count,
      deletes: Count,
      bytes: Type.With(Bytes, { description: 'Of the contents that came.' }),
    }),
  ),
});
export type Activity = Static<typeof Activity>;

/** How the server is set up: never a key, never a path of it. */
export const Settings = Type.Object({
  version: Type.String(),
  protocol_version: Type.Integer(),
  needs_key: Type.Boolean(),
  max_file_size: Bytes,
  allowed_extensions: Type.Union([Type.Array(Type.String()), Type.Null()]),
  history_retention: Type.Union([Type.Array(RetentionTier), Type.Null()]),
  history_retention_days: Type.Union([Type.Integer(), Type.Null()]),
  scrub_days: Type.Union([Type.Integer(), Type.Null()]),
  heartbeat_interval: Type.Number(),
  max_connections: Count,
  max_messages_per_second: Count,
});
export type Settings = Static<typeof Settings>;
