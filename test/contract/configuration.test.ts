import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { readConfig as readClientConfig } from '../../src/client/config.ts';
import { checkClientConfig, checkServerConfig } from '../../src/protocol/check-config.ts';
import { ClientConfig } from '../../src/protocol/client-config.ts';
import { ServerConfig } from '../../src/protocol/server-config.ts';
import { readConfig as readServerConfig } from '../../src/server/config.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'syncer-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** As the contract states them; a key that it does not state a default for has our own. */
const SERVER_DEFAULTS = {
  host: 'localhost',
  port: 8000,
  sync_directory: './sync_data',
  max_file_size: 104_857_600,
  allowed_extensions: null,
  heartbeat_interval: 30,
  max_connections: 10_000,
  max_messages_per_second: 100,
  history_retention: ['all 1h', 'minute 1d', 'hour 7d', 'day 30d', 'week 365d'],
  history_retention_days: null,
  api_keys: [],
};

const CLIENT_DEFAULTS = {
  server_host: 'localhost',
  server_port: 8000,
  ignore_patterns: ['.git', '__pycache__', '*.tmp', '*.log'],
  api_key: null,
  heartbeat_interval: 30,
};

const CLIENT = { client_name: 'Anna', sync_directory: './files' };

/** Three values for each key, all of them others than the default: typed, in the environment, in the file. */
const SERVER_VALUES: Readonly<Record<string, readonly [string, string, unknown]>> = {
  host: ['0.0.0.0', '127.0.0.2', '127.0.0.3'],
  port: ['9001', '9002', 9003],
  sync_directory: ['/typed', '/variable', '/file'],
  max_file_size: ['1001', '1002', 1003],
  allowed_extensions: ['.a1', '.a2', ['.a3']],
  heartbeat_interval: ['11', '12', 13],
  max_connections: ['21', '22', 23],
  max_messages_per_second: ['31', '32', 33],
  history_retention: ['all 2h', 'all 3h', ['all 4h']],
  history_retention_days: ['41', '42', 43],
  scrub_days: ['51', '52', 53],
  api_keys: ['typed-key-1', 'variable-key-2', ['file-key-33']],
  log_file: ['/typed.log', '/variable.log', '/file.log'],
};

/** What the table's texts mean, by the kind of the default. */
const meant = (key: string, text: string): unknown => {
  const [, , inFile] = SERVER_VALUES[key] ?? ['', '', ''];
  if (Array.isArray(inFile)) return [text];
  return typeof inFile === 'number' ? Number(text) : text;
};

async function serverValue(
  key: string,
  given: { readonly flag?: string; readonly env?: string; readonly inFile?: unknown },
): Promise<unknown> {
  const file = join(directory, 'server.yaml');
  await writeFile(file, given.inFile === undefined ? '' : stringify({ [key]: given.inFile }));
  const { config } = await readServerConfig({
    flags: given.flag === undefined ? {} : { [key]: given.flag },
    env: given.env === undefined ? {} : { [`SYNCER_${key.toUpperCase()}`]: given.env },
    file,
    cwd: '/cwd',
  });
  return Object.entries(config).find(([name]) => name === key)?.[1];
}

describe('[contract 2] the server’s keys', () => {
  it('have the defaults that are stated', () => {
    expect(checkServerConfig({}).config).toMatchObject(SERVER_DEFAULTS);
  });

  it('are all in the table below', () => {
    expect(Object.keys(SERVER_VALUES).sort()).toEqual(Object.keys(ServerConfig.properties).sort());
  });

  it.each(Object.entries(SERVER_VALUES))(
    '%s is what was typed, else the environment, else the file, else the default',
    async (key, [flag, env, inFile]) => {
      expect(await serverValue(key, { flag, env, inFile })).toEqual(meant(key, flag));
      expect(await serverValue(key, { env, inFile })).toEqual(meant(key, env));
      expect(await serverValue(key, { inFile })).toEqual(inFile);
      const fallback = await serverValue(key, {});
      if (key === 'sync_directory') expect(fallback).toBe('/cwd/sync_data');
      else
        expect({ [key]: fallback }).toEqual({
          [key]: { log_file: null, scrub_days: 30, ...SERVER_DEFAULTS }[key],
        });
    },
  );

  it.each([
    ['host', 'two words'],
    ['port', -1],
    ['port', 65_536],
    ['port', 80.5],
    ['sync_directory', ''],
    ['max_file_size', 0],
    ['max_file_size', -1],
    ['allowed_extensions', ['txt']],
    ['heartbeat_interval', 0],
    ['heartbeat_interval', -30],
    ['max_connections', 0],
    ['max_messages_per_second', 0],
    ['history_retention', ['hour 7d']],
    ['history_retention', ['hour 7']],
    ['history_retention', ['all 1d', 'day 7d', 'hour 30d']],
    ['history_retention', ['all 7d', 'hour 1d']],
    ['history_retention_days', -1],
    ['api_keys', ['seven77']],
    ['api_keys', ['x'.repeat(257)]],
    ['no_such_key', 1],
  ])('are refused at the start with key, value and reason: %s: %j', async (key, value) => {
    const file = join(directory, 'server.yaml');
    await writeFile(file, stringify({ [key]: value }));
    const start = readServerConfig({ flags: {}, env: {}, file, cwd: directory });
    const error = await start.then(
      () => new Error('It was taken.'),
      (refusal: Error) => refusal,
    );
    const shown = key === 'api_keys' ? 'characters)' : JSON.stringify([value].flat()[0]);
    expect(error.message).toContain(`${key}`);
    expect(error.message).toContain(shown);
    expect(error.message).toMatch(/: it (?:must|is) [^:]+\.$/);
  });
});

describe('[contract 2] the client’s keys', () => {
  it('have the defaults that are stated; a name and a directory are needed', () => {
    expect(checkClientConfig(CLIENT).config).toMatchObject({ ...CLIENT, ...CLIENT_DEFAULTS });
    for (const key of Object.keys(CLIENT)) {
      const { faults } = checkClientConfig({ ...CLIENT, [key]: undefined });
      expect(faults).toEqual([{ key, value: undefined, reason: 'is missing' }]);
    }
    expect(Object.keys(ClientConfig.properties)).toEqual(
      expect.arrayContaining(Object.keys({ ...CLIENT, ...CLIENT_DEFAULTS })),
    );
  });

  it.each([
    ['client_name', 'x'.repeat(50)],
    ['server_port', 1],
    ['server_port', 65_535],
    ['api_key', 'x'.repeat(8)],
    ['api_key', 'x'.repeat(256)],
    ['api_key', null],
    ['ignore_patterns', []],
  ])('take %s: %j', (key, value) => {
    expect(checkClientConfig({ ...CLIENT, [key]: value }).config).toMatchObject({ [key]: value });
  });

  it.each([
    ['client_name', 'x'.repeat(51)],
    ['client_name', ''],
    ...[...'<>:"/\\|?*'].map((sign): [string, string] => ['client_name', `a${sign}b`]),
    ['sync_directory', ''],
    ['server_host', ''],
    ['server_port', 0],
    ['server_port', 65_536],
    ['ignore_patterns', 'all'],
    ['api_key', 'x'.repeat(7)],
    ['api_key', 'x'.repeat(257)],
    ['heartbeat_interval', 0],
    ['no_such_key', 1],
  ])('are refused at the start with key, value and reason: %s: %j', async (key, value) => {
    const file = join(directory, 'config.yaml');
    await writeFile(file, stringify({ ...CLIENT, [key]: value }));
    const shown = key === 'api_key' ? 'characters)' : JSON.stringify(value);
    expect(() => readClientConfig(file)).toThrow(`${key} is `);
    expect(() => readClientConfig(file)).toThrow(shown);
    expect(() => readClientConfig(file)).toThrow(/: it (?:must|is) /);
  });

  it('count relative paths from the directory of the file', async () => {
    const file = join(directory, 'config.yaml');
    await writeFile(file, stringify({ ...CLIENT, sync_directory: '../beside/files' }));
    expect(readClientConfig(file).directory).toBe(join(directory, '../beside/files'));
    await writeFile(file, stringify({ ...CLIENT, sync_directory: 'below' }));
    expect(readClientConfig(file).directory).toBe(join(directory, 'below'));
    await writeFile(file, stringify({ ...CLIENT, sync_directory: '/absolute' }));
    expect(readClientConfig(file).directory).toBe('/absolute');
  });
});
