import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'syncer-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

interface Given {
  readonly flags?: Record<string, string | undefined>;
  readonly env?: Record<string, string>;
  /** What the file holds. */
  readonly yaml?: string;
}

async function read({ flags = {}, env = {}, yaml }: Given) {
  const file = yaml === undefined ? undefined : join(directory, 'server.yaml');
  if (file !== undefined) await writeFile(file, yaml ?? '');
  return await readConfig({ flags, env, file, cwd: '/from/here' });
}

const refusal = (given: Given): Promise<string> =>
  read(given).then(
    () => 'nothing was refused',
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe('the configuration', () => {
  it('is the defaults where nothing is said', async () => {
    const { config, warnings } = await read({});
    expect(config).toMatchObject({ host: 'localhost', port: 8000, api_keys: [] });
    expect(config.sync_directory).toBe('/from/here/sync_data');
    expect(warnings).toEqual([]);
  });

  it('goes by flag, environment, file and default, in this order', async () => {
    const yaml = 'host: file\nport: 1\nsync_directory: file\nmax_connections: 7\n';
    const env = { SYNCER_HOST: 'env', SYNCER_PORT: '2' };
    const { config } = await read({ yaml, env, flags: { host: 'flag', port: undefined } });
    expect(config).toMatchObject({
      host: 'flag',
      port: 2,
      max_connections: 7,
      max_messages_per_second: 100,
    });
  });

  it('reads every key from the environment, lists with commas', async () => {
    const env = {
      SYNCER_HOST: '0.0.0.0',
      SYNCER_PORT: '0',
      SYNCER_SYNC_DIRECTORY: 'data',
      SYNCER_MAX_FILE_SIZE: '1000',
      SYNCER_ALLOWED_EXTENSIONS: '.txt, .md',
      SYNCER_HEARTBEAT_INTERVAL: '0.5',
      SYNCER_MAX_CONNECTIONS: '3',
      SYNCER_MAX_MESSAGES_PER_SECOND: '4',
      SYNCER_HISTORY_RETENTION: 'all 2h, week 30d',
      SYNCER_HISTORY_RETENTION_DAYS: '5',
      SYNCER_SCRUB_DAYS: '6',
      SYNCER_API_KEYS: 'key-number-1,key-number-2',
      SYNCER_LOG_FILE: '/var/log/syncer.log',
    };
    expect((await read({ env })).config).toEqual({
      host: '0.0.0.0',
      port: 0,
      sync_directory: '/from/here/data',
      max_file_size: 1000,
      allowed_extensions: ['.txt', '.md'],
      heartbeat_interval: 0.5,
      max_connections: 3,
      max_messages_per_second: 4,
      history_retention: ['all 2h', 'week 30d'],
      history_retention_days: 5,
      scrub_days: 6,
      api_keys: ['key-number-1', 'key-number-2'],
      log_file: '/var/log/syncer.log',
    });
  });

  it('counts paths of the file from the file, all others from where the server was started', async () => {
    const yaml = 'sync_directory: data\nlog_file: logs/server.log\n';
    const { config } = await read({ yaml });
    expect(config.sync_directory).toBe(join(directory, 'data'));
    expect(config.log_file).toBe(join(directory, 'logs/server.log'));
    const typed = await read({ yaml, flags: { sync_directory: '../data' } });
    expect(typed.config.sync_directory).toBe('/from/data');
  });

  it('takes the file that the environment names, and a variable set to nothing as not set', async () => {
    await writeFile(join(directory, 'server.yaml'), 'port: 9\n');
    const env = { SYNCER_CONFIG: join(directory, 'server.yaml'), SYNCER_PORT: '' };
    expect((await read({ env })).config.port).toBe(9);
  });

  it('takes an empty file as one without keys', async () => {
    expect((await read({ yaml: '# nothing\n' })).config.port).toBe(8000);
  });

  it('warns of variables that mean nothing', async () => {
    const { warnings } = await read({ env: { SYNCER_PROT: '1', OTHER: '1' } });
    expect(warnings).toEqual(['The environment variable SYNCER_PROT means nothing to the server.']);
  });
});

describe('a wrong configuration', () => {
  it.each<[string, Given, string]>([
    [
      'a flag',
      { flags: { port: '70000' } },
      'port is 70000 (from --port): it must be at most 65535.',
    ],
    [
      'a text',
      { flags: { port: 'abc' } },
      'port is "abc" (from --port): it must be a whole number.',
    ],
    [
      'a variable',
      { env: { SYNCER_MAX_FILE_SIZE: '0' } },
      'max_file_size is 0 (from SYNCER_MAX_FILE_SIZE): it must be at least 1.',
    ],
    ['a key of the file', { yaml: 'colour: red\n' }, 'it is not known here.'],
    ['an item', { yaml: 'allowed_extensions: [txt]\n' }, 'it must be an extension with its dot.'],
  ])('is refused with key, value, reason and where it is from: %s', async (_, given, sentence) => {
    const message = await refusal(given);
    expect(message).toContain('ConfigRefused: The configuration is refused: ');
    expect(message).toContain(sentence);
    if (given.yaml !== undefined) expect(message).toContain(join(directory, 'server.yaml'));
  });

  it('tells everything that is wrong at once', async () => {
    const message = await refusal({ yaml: 'port: -1\nhost: ""\n', env: { SYNCER_PORT: 'x' } });
    expect(message.split('\n  ')).toHaveLength(3);
    expect(message).toContain('(from SYNCER_PORT)');
  });

  it('never repeats a key', async () => {
    expect(await refusal({ env: { SYNCER_API_KEYS: 'short' } })).not.toContain('short');
  });

  it.each([
    ['is not YAML', 'port: [1'],
    ['is not YAML', 'port: 1\nport: 2\n'],
    ['must hold keys with values', '- port\n'],
    ['is not known here', '__proto__: {port: 1}\n'],
  ])('of a file is refused: %s', async (reason, yaml) => {
    expect(await refusal({ yaml })).toContain(reason);
  });

  it('of a file that is not there is refused', async () => {
    const given = { flags: {}, env: {}, file: 'none.yaml', cwd: directory };
    await expect(readConfig(given)).rejects.toThrow(
      `${join(directory, 'none.yaml')} is not there.`,
    );
  });
});
