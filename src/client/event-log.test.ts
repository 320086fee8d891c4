import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EventLog } from './event-log.ts';
import { HEARTBEAT, isRunning, type LiveStatus, readStatus, writeStatus } from './status-file.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'syncer-'));
  path = join(directory, 'in', 'client.log');
});
afterEach(() => rmSync(directory, { recursive: true }));

const linesOf = (file: string): Record<string, unknown>[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));

it('writes news as lines of JSON, without what is only for the moment', () => {
  const log = new EventLog({ path, now: () => 0, verbose: false });
  const happening = { direction: 'sent', operation: 'create', path: 'a\u009b', size: 1 } as const;
  log.tell({ type: 'changed', happening });
  log.tell({ type: 'detail', text: 'not asked for' });
  log.tell({ type: 'said', level: 'warning', text: 'mind' });
  const time = '1970-01-01T00:00:00.000Z';
  expect(linesOf(path)).toEqual([
    { time, level: 'info', event: 'changed', ...happening },
    { time, level: 'warning', event: 'said', text: 'mind' },
  ]);
  expect(readFileSync(path, 'utf8')).not.toContain('\u009b');
});

it('gathers lines for a moment, and writes them together; the last ones at the end', () => {
  const due: (() => void)[] = [];
  const log = new EventLog({ path, now: () => 0, verbose: false, later: (work) => due.push(work) });
  const said = (text: string) => log.tell({ type: 'said', level: 'info', text });
  said('one');
  said('two');
  expect(existsSync(path)).toBe(false);
  for (const work of due.splice(0)) work();
  expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(3);
  said('three');
  log.flush();
  for (const work of due.splice(0)) work();
  expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(4);
});

it('puts a full file aside, and keeps a few; goes on after a restart', () => {
  const options = { path, now: () => 0, verbose: true, limit: 200, keep: 2 };
  for (let at = 0; at < 10; at += 1) {
    new EventLog(options).tell({ type: 'detail', text: `line ${at} ${'x'.repeat(60)}` });
  }
  expect(readdirSync(join(directory, 'in')).sort()).toEqual([
    'client.log',
    'client.log.1',
    'client.log.2',
  ]);
  const last = linesOf(path).at(-1);
  expect(last?.text).toMatch(/^line 9 /);
});

it('a log that cannot be written stops nobody', () => {
  const log = new EventLog({ path, now: () => 0, verbose: false });
  rmSync(join(directory, 'in'), { recursive: true });
  log.tell({ type: 'connected' });
});

const status = (updated: number): LiveStatus => ({
  pid: process.pid,
  started: new Date(0).toISOString(),
  updated: new Date(updated).toISOString(),
  stopped: false,
  condition: { type: 'resting' },
  connected: true,
  behind_since: null,
  pending: 0,
  applied: null,
  newest: 0,
  problems: [],
  held: [],
});

it('knows a running client from one that has ended, and from another process of its number', () => {
  const file = join(directory, 'status.json');
  expect(readStatus(file)).toBeUndefined();
  writeStatus(file, status(1000));
  const left = readStatus(file);
  expect(left).toEqual(status(1000));
  expect(isRunning(status(1000), 2000)).toBe(true);
  expect(isRunning({ ...status(1000), stopped: true }, 2000)).toBe(false);
  expect(isRunning(status(1000), 1000 + 5 * HEARTBEAT)).toBe(false);
  expect(isRunning({ ...status(1000), pid: 2 ** 22 + 7 }, 2000)).toBe(false);
});
