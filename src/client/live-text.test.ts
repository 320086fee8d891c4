import { expect, it } from 'vitest';
import { type LiveView, liveLine, liveLines } from './live-text.ts';
import type { RecentChange } from './recent-changes.ts';
import type { LiveStatus } from './status-file.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');

const left = (more: Partial<LiveStatus> = {}): LiveStatus => ({
  pid: process.pid,
  started: new Date(NOW - 60_000).toISOString(),
  updated: new Date(NOW - 1_000).toISOString(),
  stopped: false,
  condition: { type: 'working' },
  connected: true,
  behind_since: new Date(NOW - 3_000).toISOString(),
  pending: 12,
  applied: null,
  newest: 0,
  problems: [],
  held: [],
  ...more,
});

const view = (more: Partial<LiveView> = {}): LiveView => ({
  ...{ clientName: 'Anna', directory: '/home/anna/files', server: 'localhost:8000' },
  ...{ left: left(), changes: [], now: NOW },
  ...more,
});

const moved: RecentChange = {
  direction: 'received',
  operation: 'move',
  path: 'c',
  oldPath: 'b',
  size: 0,
  time: NOW - 1_000,
};

it('shows what moves, how fast, what is behind, and what is wrong', () => {
  const changes = [
    { direction: 'sent', operation: 'create', path: 'old', size: 9, time: NOW - 20_000 },
    { direction: 'sent', operation: 'update', path: 'a', size: 20_480, time: NOW - 2_000 },
    moved,
  ] as const;
  const problems = [{ path: 'x\u001b', code: 'denied', message: 'There is no permission.' }];
  expect(liveLines(view({ changes, left: left({ problems }) }))).toEqual([
    'client      Anna, /home/anna/files with localhost:8000',
    `connection  connected, at work (process ${process.pid})`,
    'lag         not in sync for 3 s',
    'pending     12 changes',
    'rate        sent 2.0 KiB/s, 1 change; received 0 B/s, 1 change, in 10 s',
    'problems    1',
    '            x\\x1b: There is no permission.',
    '',
    '← received  move    b → c',
    '→ sent      update  a  20 KiB',
    '→ sent      create  old  9 B',
  ]);
});

it('says what it cannot know, and what waits', () => {
  const gone = liveLines(view({ left: left({ stopped: true }) }));
  expect(gone).toContain('connection  no client is running (start one: syncer-client start)');
  expect(gone).toContain('pending     unknown');
  expect(liveLines(view({ left: undefined }))).toContain('lag         unknown');
  const hold = {
    id: '1',
    direction: 'outgoing',
    deed: 'delete',
    files: 30,
    bytes: 9,
    examples: [],
  } as const;
  const condition = { type: 'asking', holds: [hold] } as const;
  const lines = liveLines(view({ left: left({ condition, held: [hold], behind_since: null }) }));
  expect(lines[1]).toContain('waiting for your word');
  expect(lines.at(-1)).toBe('held        30 files were deleted here; the server has them still.');
});

it('says it in one line where there is no terminal', () => {
  expect(liveLine(view())).toBe(
    `connected, at work (process ${process.pid}); 12 changes pending; 0 problems`,
  );
  const offline = left({ condition: { type: 'offline', reason: 'no\nway' } });
  expect(liveLine(view({ left: offline }))).toContain('offline: no\\nway');
});
