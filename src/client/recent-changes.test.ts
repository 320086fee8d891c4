import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EventLog } from './event-log.ts';
import { RecentChanges } from './recent-changes.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'syncer-'));
  path = join(directory, 'client.log');
});
afterEach(() => rmSync(directory, { recursive: true }));

const sent = (name: string) =>
  ({ direction: 'sent', operation: 'create', path: name, size: 5 }) as const;

it('follows what a client writes into its log, and the next one when that is turned over', () => {
  const recent = new RecentChanges(path);
  const paths = (): string[] => recent.look().map((one) => one.path);
  expect(paths()).toEqual([]);
  const log = new EventLog({ path, now: () => 1234, verbose: false });
  log.tell({ type: 'changed', happening: sent('a') });
  log.tell({ type: 'connected' });
  expect(recent.look()).toEqual([{ ...sent('a'), time: 1234 }]);
  log.tell({ type: 'changed', happening: sent('b') });
  expect(paths()).toEqual(['a', 'b']);
  renameSync(path, `${path}.1`);
  writeFileSync(path, '');
  log.tell({ type: 'changed', happening: sent('c') });
  expect(paths()).toEqual(['a', 'b', 'c']);
});

it('waits for the end of a line, and passes over what is none of ours', () => {
  const recent = new RecentChanges(path);
  const line = JSON.stringify({ time: '2026-01-01T00:00:00Z', event: 'changed', ...sent('a') });
  writeFileSync(path, `nonsense\n${line.slice(0, 20)}`);
  expect(recent.look()).toEqual([]);
  appendFileSync(path, `${line.slice(20)}\n`);
  expect(recent.look().map((one) => one.path)).toEqual(['a']);
});
