import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { checkClientConfig, type Fault } from '../protocol/check-config.ts';
import { type ClientConfig, FIRST_CLIENT_CONFIG } from '../protocol/client-config.ts';
import { parseYaml } from './parse-yaml.ts';
import { Refused, systemReason } from './refused.ts';
import { writeConfig } from './write-config.ts';

/** A configuration, and what follows from where its file lies. */
export interface Located {
  readonly config: ClientConfig;
  /** Absolute. */
  readonly file: string;
  /** The synchronized directory, absolute. */
  readonly directory: string;
  /** `host:port`. */
  readonly server: string;
}

/** Reads the configuration at `path`; throws Refused, which names the file, and key, value and reason or line. */
export function readConfig(path: string): Located {
  const file = resolve(path);
  const text = readText(file);
  if (text !== undefined) return locate(file, check(file, parseYaml(file, text)));
  throw new Refused(
    `There is no configuration at ${file}. Make one with: syncer-client init --config ${path}`,
  );
}

/** The same; where there is none, one with defaults is made. */
export function readOrCreateConfig(path: string): Located & { readonly created: boolean } {
  const file = resolve(path);
  if (isAbsent(file)) {
    const config = check(file, FIRST_CLIENT_CONFIG);
    writeConfig(file, config, { overwrite: false });
    return { ...locate(file, config), created: true };
  }
  return { ...readConfig(path), created: false };
}

/** Defaults filled in, or Refused with everything that is wrong. */
export function check(file: string, values: unknown): ClientConfig {
  const { config, faults } = checkClientConfig(values);
  if (config !== undefined) return config;
  throw new Refused([`${file} cannot be used:`, ...faults.map(faultLine)].join('\n'));
}

/** `server_port is 70000: must be at most 65535`. */
export function faultLine({ key, value, reason }: Fault): string {
  if (key === '') return `  ${reason}`;
  if (value === undefined) return `  ${key} ${reason}`;
  return `  ${key} is ${JSON.stringify(value)}: it ${reason}`;
}

export function locate(file: string, config: ClientConfig): Located {
  const directory = resolve(dirname(file), withHome(config.sync_directory));
  const { server_host: host, server_port: port } = config;
  const isBareIpv6 = host.includes(':') && !host.startsWith('[');
  return { config, file, directory, server: `${isBareIpv6 ? `[${host}]` : host}:${port}` };
}

/** Else a shell's `~` would become a directory of that name. */
const withHome = (path: string): string =>
  path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;

/** More than this is not a configuration. Bytes. */
const LIMIT = 1024 * 1024;

function readText(file: string): string | undefined {
  try {
    if (statSync(file).size > LIMIT) throw new Refused(`${file} is too large for a configuration.`);
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Refused) throw error;
    if (isAbsent(file)) return undefined;
    throw new Refused(`${file} cannot be read: ${systemReason(error)}.`, { cause: error });
  }
}

/** A dangling link, too, is something that is there. */
function isAbsent(file: string): boolean {
  try {
    return statSync(file, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}
