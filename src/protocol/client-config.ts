import Type, { type Static } from 'typebox';
import { USUAL } from '../core/danger.ts';
import { ApiKey, ClientName, DirectoryPath } from './scalar.ts';
import { HeartbeatInterval, Host } from './server-config.ts';

/**
 * The client's configuration: the file's keys and their defaults. Those without a default must be
 * there.
 */
export const ClientConfig = Type.Object(
  {
    client_name: Type.With(ClientName, { description: 'What others call this client.' }),
    sync_directory: Type.With(DirectoryPath, {
      description: 'Relative to the directory of the configuration file.',
    }),
    server_host: Type.With(Host, { default: 'localhost' }),
    server_port: Type.Integer({ minimum: 1, maximum: 65_535, default: 8000 }),
    server_tls: Type.Boolean({
      default: false,
      description: 'Whether to speak HTTPS and WSS, as to a proxy in front of the server.',
    }),
    ignore_patterns: Type.Array(Type.String({ minLength: 1, maxLength: 1024 }), {
      maxItems: 1000,
      default: ['.git', '__pycache__', '*.tmp', '*.log'],
    }),
    api_key: Type.Union([ApiKey, Type.Null()], {
      default: null,
      title: 'null or 8 to 256 characters without spaces',
    }),
    heartbeat_interval: HeartbeatInterval,
    text_merge: Type.Boolean({
      default: true,
      description: 'Whether texts that two clients edited in different lines are merged.',
    }),
    hold_deletions: Type.Boolean({
      default: true,
      description: 'Whether a mass of deletions waits for a word (syncer-client held).',
    }),
    hold_overwrites: Type.Boolean({
      default: true,
      description: 'The same for contents that others would replace.',
    }),
    hold_over: Type.Integer({
      minimum: 1,
      default: USUAL.over,
      description: 'More files than this are a mass.',
    }),
    hold_share: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1,
      default: USUAL.share,
      description: 'This part of all files is a mass, if it is not just a few.',
    }),
    approve_in_browser: Type.Boolean({
      default: true,
      description: 'Whether the web app shows what is held here, and a word may be given there.',
    }),
  },
  { additionalProperties: false },
);
export type ClientConfig = Static<typeof ClientConfig>;

/** What a client without a configuration starts with. */
export const FIRST_CLIENT_CONFIG = {
  client_name: 'default-client',
  sync_directory: './sync',
} as const;
