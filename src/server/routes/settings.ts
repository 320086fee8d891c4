import type { FastifyInstance } from 'fastify';
import { ROUTES } from '../../protocol/routes.ts';
import type { Settings } from '../../protocol/steer.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import type { AppParts } from '../app.ts';
import { serve } from './serve.ts';

/** How the server is set up. What is not named here is not told: neither keys nor paths. */
export function addSettings(app: FastifyInstance, parts: AppParts): void {
  const { version, access, limits, config } = parts;
  const { maxFileSize, allowedExtensions } = limits;

  const settings: Settings = {
    version,
    protocol_version: PROTOCOL_VERSION,
    needs_key: !access.isOpen,
    max_file_size: maxFileSize,
    allowed_extensions: allowedExtensions === undefined ? null : [...allowedExtensions],
    history_retention: config.history_retention,
    history_retention_days: config.history_retention_days,
    scrub_days: config.scrub_days,
    heartbeat_interval: config.heartbeat_interval,
    max_connections: config.max_connections,
    max_messages_per_second: config.max_messages_per_second,
  };
  serve(app, ROUTES.settings, { answer: () => settings });
}
