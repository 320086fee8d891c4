import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { check, locate, readConfig, readOrCreateConfig } from './config.ts';
import { mustLieOutside, stateHome } from './state-home.ts';
import { writeConfig } from './write-config.ts';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'syncer-'));
  file = join(directory, 'config.yaml');
});
afterEach(() => rmSync(directory, { recursive: true }));

/** What is said about a configuration with this text. */
function refusal(text: string): string {
  writeFileSync(file, text);
  try {
    readConfig(file);
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  throw new Error('It was taken.');
}

const MINIMAL = 'client_name: Anna\nsync_directory: ./files\n';

it('fills in defaults; relative paths count from the directory of the file', () => {
  writeFileSync(file, MINIMAL);
  const { config, directory: synchronized, server } = readConfig(file);
  expect(synchronized).toBe(join(directory, 'files'));
  expect(server).toBe('localhost:8000');
  expect(config.ignore_patterns).toEqual(['.git', '__pycache__', '*.tmp', '*.log']);
  expect(config.heartbeat_interval).toBe(30);
});

it('reads ~ as the home directory, and writes an IPv6 address as URLs have it', () => {
  const values = { client_name: 'A', sync_directory: '~/files', server_host: '::1' };
  const located = locate(file, check(file, values));
  expect(located.directory).toBe(join(homedir(), 'files'));
  expect(located.server).toBe('[::1]:8000');
});

it.each([
  ['server_port: 70000', 'server_port is 70000'],
  ['client_name: a/b', 'client_name is "a/b"'],
  ['sync_dirctory: x', 'sync_dirctory'],
  ['ignore_patterns: [1]', 'ignore_patterns[0] is 1'],
])('refuses %s with the key, the value and the reason', (line, words) => {
  const [key = ''] = line.split(':');
  const rest = MINIMAL.split('\n').filter((one) => !one.startsWith(`${key}:`));
  const message = refusal([...rest, line].join('\n'));
  expect(message).toContain(file);
  expect(message).toContain(words);
});

it('says what is missing, also of an empty file', () => {
  expect(refusal('')).toMatch(/client_name is missing\n.*sync_directory is missing/);
  expect(refusal('just words')).toContain('must be');
});

it('never repeats an API key', () => {
  expect(refusal(`${MINIMAL}api_key: sesame1`)).not.toContain('sesame1');
  expect(refusal(`${MINIMAL}api_key: "sesame12345\nmore`)).not.toContain('sesame');
  expect(refusal(`${MINIMAL}api_key: sesame12345: sesame67890`)).not.toContain('sesame');
  expect(refusal(`${MINIMAL}api_key: [sesame12345}`)).not.toContain('sesame');
});

it('names the line of what is not YAML', () => {
  expect(refusal('client_name: A\nbad: [1\n')).toMatch(/not YAML, line [23], column \d+: /);
  expect(refusal('a: 1\na: 2\n')).toContain('line 2');
  const laughs = ['a: &a [x, x]', 'b: &b [*a, *a]'];
  for (let at = 1; at < 12; at += 1) {
    const [one, before] = [String.fromCharCode(98 + at), String.fromCharCode(97 + at)];
    laughs.push(`${one}: &${one} [*${before}, *${before}, *${before}, *${before}]`);
  }
  expect(refusal(laughs.join('\n'))).toContain('repeats itself');
});

it('says what cannot be read, and how to make what is not there', () => {
  expect(() => readConfig(file)).toThrow('syncer-client init');
  expect(() => readConfig(directory)).toThrow('it is a directory');
});

it('makes a missing one with defaults, once', () => {
  expect(readOrCreateConfig(file)).toMatchObject({
    created: true,
    config: { client_name: 'default-client', sync_directory: './sync' },
  });
  expect(readOrCreateConfig(file).created).toBe(false);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it('writes whole or not at all, and over what is there only when asked to', () => {
  const config = check(file, { client_name: 'A', sync_directory: 's' });
  writeConfig(file, config, { overwrite: false });
  expect(() => writeConfig(file, config, { overwrite: false })).toThrow('there already');
  writeConfig(file, { ...config, client_name: 'B' }, { overwrite: true });
  expect(readConfig(file).config).toEqual({ ...config, client_name: 'B' });
  expect(readdirSync(directory)).toEqual(['config.yaml']);
  expect(() => writeConfig(join(file, 'x.yaml'), config, { overwrite: true })).toThrow(
    'cannot be written',
  );
});

it('keeps the state in one folder for each directory, outside of it', () => {
  const one = stateHome('/a', { SYNCER_STATE_HOME: '/s', XDG_STATE_HOME: '/x' });
  expect(one.folder).toMatch(/^\/s\/[0-9a-f]{16}$/);
  expect(stateHome('/b', { SYNCER_STATE_HOME: '/s' }).folder).not.toBe(one.folder);
  expect(stateHome('/a', { XDG_STATE_HOME: '/x' }).folder).toMatch(/^\/x\/syncer\//);
  expect(stateHome('/a', { XDG_STATE_HOME: 'x' }).folder).toContain('.local/state/syncer/');

  mkdirSync(join(directory, 'files'));
  const located = locate(file, check(file, { client_name: 'A', sync_directory: 'files' }));
  const inside = stateHome(located.directory, { SYNCER_STATE_HOME: join(directory, 'files/s') });
  expect(() => mustLieOutside(located, inside)).toThrow('SYNCER_STATE_HOME');
  const values = { client_name: 'A', sync_directory: 'files', ignore_patterns: ['/s/'] };
  mustLieOutside(locate(file, check(file, values)), inside);
});
