import Type, { type Static } from 'typebox';
import { HEARTBEAT } from './limits.ts';
import { DEFAULT_RETENTION, RetentionTier } from './retention.ts';
import { ApiKey, DirectoryPath } from './scalar.ts';

const NOTHING = Type.Null();

export const Host = Type.String({
  title: 'a host name or address',
  pattern: '^[A-Za-z0-9._:%\\[\\]-]+$',
  minLength: 1,
  maxLength: 255,
});
export const HeartbeatInterval = Type.Number({
  exclusiveMinimum: 0,
  maximum: 3600,
  default: HEARTBEAT / 1000,
  description: 'Seconds between two heartbeats.',
});

/** The server's configuration: the file's keys and their defaults. */
export const ServerConfig = Type.Object(
  {
    host: Type.With(Host, { default: 'localhost', description: 'Where to listen.' }),
    port: Type.Integer({
      minimum: 0,
      maximum: 65_535,
      default: 8000,
      description: '0: any free one.',
    }),
    sync_directory: Type.With(DirectoryPath, {
      default: './sync_data',
      description: 'Where the server keeps everything.',
    }),
    max_file_size: Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      default: 104_857_600,
      description: 'Bytes.',
    }),
    allowed_extensions: Type.Union(
      [
        Type.Array(
          Type.String({
            title: 'an extension with its dot',
            pattern: '^\\.[^/\\\\\\u0000-\\u0020]+$',
            maxLength: 64,
          }),
          { minItems: 1, maxItems: 1000 },
        ),
        NOTHING,
      ],
      {
        default: null,
        title: 'null or a list of extensions with their dots',
        description: 'null: all.',
      },
    ),
    heartbeat_interval: HeartbeatInterval,
    max_connections: Type.Integer({
      minimum: 1,
      maximum: 1_000_000,
      default: 10_000,
      description: 'WebSockets at a time.',
    }),
    max_messages_per_second: Type.Integer({
      minimum: 1,
      maximum: 1_000_000,
      default: 100,
      description: 'Of one connection.',
    }),
    history_retention: Type.Union(
      [Type.Array(RetentionTier, { minItems: 1, maxItems: 5 }), NOTHING],
      {
        default: [...DEFAULT_RETENTION],
        title: 'null or a list of tiers such as "hour 7d"',
        description: 'Which versions of a file are kept up to which age; null: all.',
      },
    ),
    history_retention_days: Type.Union([Type.Integer({ minimum: 1, maximum: 36_500 }), NOTHING], {
      default: null,
      title: 'null or a whole number from 1 to 36500',
      description: 'Removes whatever is older, but a node’s last record; null: nothing is.',
    }),
    scrub_days: Type.Union([Type.Integer({ minimum: 1, maximum: 36_500 }), NOTHING], {
      default: 30,
      title: 'null or a whole number from 1 to 36500',
      description: 'Within so many days each stored chunk is read and verified once; null: never.',
    }),
    api_keys: Type.Array(ApiKey, {
      maxItems: 10_000,
      default: [],
      description: 'None: open to all, for a trusted network.',
    }),
    log_file: Type.Union([DirectoryPath, NOTHING], { default: null, description: 'null: none.' }),
  },
  { additionalProperties: false },
);
export type ServerConfig = Static<typeof ServerConfig>;
