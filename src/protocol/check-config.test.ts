import { describe, expect, it } from 'vitest';
import { checkClientConfig, checkServerConfig } from './check-config.ts';
import { FIRST_CLIENT_CONFIG } from './client-config.ts';

const client = { client_name: 'laptop', sync_directory: './files' };

describe('the server’s configuration', () => {
  it('has a default for everything', () => {
    const config = {
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
      scrub_days: 30,
      api_keys: [],
      log_file: null,
    };
    for (const given of [{}, null, undefined]) expect(checkServerConfig(given)).toEqual({ config });
  });

  it('keeps what is given', () => {
    const given = { port: 0, allowed_extensions: ['.txt', '.tar.gz'], api_keys: ['0123456789'] };
    expect(checkServerConfig(given).config).toMatchObject(given);
  });

  it.each([
    ['host', ''],
    ['host', 'a b'],
    ['port', 65_536],
    ['port', '8000'],
    ['sync_directory', ''],
    ['max_file_size', 0],
    ['max_file_size', -5],
    ['allowed_extensions', ['txt']],
    ['allowed_extensions', []],
    ['heartbeat_interval', 0],
    ['max_connections', 0],
    ['max_messages_per_second', 1.5],
    ['history_retention', 'all 1h'],
    ['history_retention', []],
    ['history_retention', ['all 1h', 'all 2h']],
    ['history_retention', ['all 1h', 'day 1d', 'day 2d']],
    ['history_retention', ['all 1d', 'hour 24h']],
    ['history_retention_days', 0],
    ['scrub_days', 0],
    ['api_keys', 'secret12'],
    ['log_file', 5],
    ['colour', 'red'],
  ])('refuses %s: %j, with the key, the value and the reason', (key, value) => {
    const { faults = [] } = checkServerConfig({ [key]: value });
    expect(faults).toHaveLength(1);
    expect(faults[0]?.key.startsWith(key)).toBe(true);
    expect(faults[0]?.reason).toMatch(/^(must|is) /);
    if (!key.startsWith('api')) expect([faults[0]?.value].flat()).toEqual([value].flat());
  });

  it('never repeats a key that it refuses', () => {
    const { faults } = checkServerConfig({ api_keys: ['short', 'long enough, but with spaces'] });
    expect(faults?.map(({ key }) => key)).toEqual(['api_keys[0]', 'api_keys[1]']);
    expect(JSON.stringify(faults)).not.toContain('short');
    expect(faults?.[0]?.value).toBe('(secret of 5 characters)');
  });

  it('tells everything that is wrong at once', () => {
    const { faults } = checkServerConfig({ port: -1, host: 5, colour: 'red' });
    expect(faults?.map(({ key }) => key).sort()).toEqual(['colour', 'host', 'port']);
  });

  it.each([[[]], ['port: 8000'], [5]])('refuses what is no set of keys: %j', (given) => {
    expect(checkServerConfig(given).faults).toHaveLength(1);
  });

  it('[F15] takes no prototype from a file', () => {
    const { faults } = checkServerConfig(JSON.parse('{"__proto__":{"port":1}}'));
    expect(faults?.map(({ key }) => key)).toEqual(['__proto__']);
  });

  it('gives each its own lists', () => {
    const [a, b] = [checkServerConfig({}), checkServerConfig({})];
    expect(a.config?.api_keys).not.toBe(b.config?.api_keys);
  });
});

describe('the client’s configuration', () => {
  it('needs a name and a directory, and has a default for the rest', () => {
    expect(checkClientConfig(client)).toEqual({
      config: {
        ...client,
        server_host: 'localhost',
        server_port: 8000,
        server_tls: false,
        ignore_patterns: ['.git', '__pycache__', '*.tmp', '*.log'],
        api_key: null,
        heartbeat_interval: 30,
        text_merge: true,
        hold_deletions: true,
        hold_overwrites: true,
        hold_over: 1000,
        hold_share: 0.5,
        approve_in_browser: true,
      },
    });
    expect(checkClientConfig({}).faults).toEqual([
      { key: 'client_name', value: undefined, reason: 'is missing' },
      { key: 'sync_directory', value: undefined, reason: 'is missing' },
    ]);
    expect(checkClientConfig(FIRST_CLIENT_CONFIG).faults).toBeUndefined();
  });

  it.each([
    ['client_name', 'x'.repeat(51)],
    ['client_name', 'a/b'],
    ['client_name', 'what?'],
    ['client_name', ''],
    ['text_merge', 'yes'],
    ['hold_over', 0],
    ['hold_share', 0],
    ['hold_share', 1.1],
    ['server_port', 0],
    ['server_port', 65_536],
    ['ignore_patterns', '*.tmp'],
    ['api_key', 'x'.repeat(7)],
    ['api_key', 'x'.repeat(257)],
    ['server', 'localhost'],
  ])('refuses %s: %j', (key, value) => {
    const { faults = [] } = checkClientConfig({ ...client, [key]: value });
    expect(faults.map((fault) => fault.key)).toEqual([key]);
  });
});
