import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { stringify } from 'yaml';
import type { ClientConfig } from '../protocol/client-config.ts';
import { makeDirectories } from './make-directories.ts';
import { Refused, systemReason } from './refused.ts';

/** Only its user may read it, as it may hold a key. */
const MODE = 0o600;

/**
 * Writes a configuration, whole or not at all. Throws Refused where there is one already, unless it is to be
 * overwritten, and where it cannot be written.
 */
export function writeConfig(
  file: string,
  config: ClientConfig,
  { overwrite }: { readonly overwrite: boolean },
): void {
  const { client_name, sync_directory, ...others } = config;
  const text = HEAD + stringify({ client_name, sync_directory, ...others });
  const fresh = `${file}.${process.pid}.new`;
  try {
    makeDirectories(dirname(file));
    const target = overwrite ? fresh : file;
    writeFileSync(target, text, { flag: overwrite ? 'w' : 'wx', mode: MODE, flush: true });
    if (overwrite) renameSync(fresh, file);
  } catch (error) {
    if (existsSync(fresh)) rmSync(fresh);
    if (!overwrite && existsSync(file)) throw exists(file);
    throw new Refused(`${file} cannot be written: ${systemReason(error)}.`, { cause: error });
  }
}

export const exists = (file: string): Refused =>
  new Refused(`${file} is there already. Name another with --config, or overwrite it: --force.`);

const HEAD = `# A client of Syncer. Relative paths count from the directory of this file.
# ignore_patterns are those of .gitignore; a .syncignore in the synchronized directory adds more.
# server_tls: true where a proxy in front of the server speaks HTTPS.
# api_key: null, or a key that the server knows. heartbeat_interval: seconds.
# text_merge: whether edits of different lines of one text are merged; else they are conflict copies.
# hold_deletions, hold_overwrites: whether you are asked (syncer-client held) before more than hold_over files,
# or hold_share of all, are deleted or overwritten at once. approve_in_browser: whether the web app may say so too.
`;
