import { join, resolve } from 'node:path';
import { checkServerConfig, type Fault } from '../protocol/check-config.ts';
import { fromStrings } from '../protocol/from-strings.ts';
import { ServerConfig } from '../protocol/server-config.ts';
import { readConfigFile } from './config-file.ts';
import { ConfigRefused } from './config-refused.ts';

export interface ConfigSources {
  /** What was typed, by the file's keys; undefined: nothing. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  /** The file that was named on the command line. */
  readonly file: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Paths that were typed, or are in the environment, count from here; those in the file from its directory. */
  readonly cwd: string;
}

export interface FoundConfig {
  /** Its paths are absolute. */
  readonly config: ServerConfig;
  /** Sentences for the operator. */
  readonly warnings: readonly string[];
}

/** Values from one place, and what an operator calls the place. */
interface Layer {
  readonly values: Readonly<Record<string, unknown>>;
  readonly directory: string;
  readonly nameOf: (key: string) => string;
}

const PREFIX = 'SYNCER_';
const CONFIG_VARIABLE = `${PREFIX}CONFIG`;
/** The client's, which may run on the same machine. */
const FOREIGN = [`${PREFIX}STATE_HOME`];
const PATHS = ['sync_directory', 'log_file'] as const;

/**
 * The configuration: what was typed goes before the environment, that before the file, that before the
 * defaults. Throws ConfigRefused.
 */
export async function readConfig(sources: ConfigSources): Promise<FoundConfig> {
  const { cwd, env } = sources;
  const file = sources.file ?? (env[CONFIG_VARIABLE] || undefined);
  const layers = [flagLayer(sources), environmentLayer(sources)];
  if (file !== undefined) layers.push(await fileLayer(resolve(cwd, file), file));
  layers.push({ values: {}, directory: cwd, nameOf: () => 'the default' });
  const given = Object.fromEntries(
    layers.toReversed().flatMap(({ values }) => Object.entries(values)),
  );
  const { config, faults } = checkServerConfig(given);
  if (faults !== undefined)
    throw new ConfigRefused(faults.map((fault) => sentenceOf(fault, layers)));
  return { config: withAbsolutePaths(config, layers), warnings: unknownVariables(env) };
}

function flagLayer({ flags, cwd }: ConfigSources): Layer {
  const values = fromStrings(ServerConfig, flags);
  return { values, directory: cwd, nameOf: (key) => `--${key.replaceAll('_', '-')}` };
}

/** A variable that is set to nothing is not set: so they are left out in container files. */
function environmentLayer({ env, cwd }: ConfigSources): Layer {
  const strings = KEYS.flatMap((key) => {
    const text = env[variableOf(key)];
    return text === undefined || text === '' ? [] : [[key, text] as const];
  });
  const values = fromStrings(ServerConfig, Object.fromEntries(strings));
  return { values, directory: cwd, nameOf: variableOf };
}

async function fileLayer(path: string, name: string): Promise<Layer> {
  const values = await readConfigFile(path);
  return { values, directory: join(path, '..'), nameOf: () => name };
}

const KEYS = Object.keys(ServerConfig.properties);
const variableOf = (key: string): string => `${PREFIX}${key.toUpperCase()}`;

const originOf = (key: string, layers: readonly Layer[]): Layer | undefined =>
  layers.find(({ values }) => Object.hasOwn(values, key)) ?? layers.at(-1);

function sentenceOf({ key, value, reason }: Fault, layers: readonly Layer[]): string {
  const [plainKey = key] = key.split('[');
  const from = originOf(plainKey, layers)?.nameOf(plainKey);
  return `${key} is ${JSON.stringify(value)?.slice(0, 200)} (from ${from}): it ${reason}.`;
}

function withAbsolutePaths(config: ServerConfig, layers: readonly Layer[]): ServerConfig {
  const absolute = PATHS.flatMap((key) => {
    const path = config[key];
    if (path === null) return [];
    return [[key, resolve(originOf(key, layers)?.directory ?? '', path)]];
  });
  return { ...config, ...Object.fromEntries(absolute) };
}

function unknownVariables(env: ConfigSources['env']): string[] {
  const known = new Set([...FOREIGN, CONFIG_VARIABLE, ...KEYS.map(variableOf)]);
  const unknown = Object.keys(env).filter((name) => name.startsWith(PREFIX) && !known.has(name));
  return unknown.map((name) => `The environment variable ${name} means nothing to the server.`);
}
