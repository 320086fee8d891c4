import cliProgress from 'cli-progress';
import { expect, it } from 'vitest';
import type { News } from './news.ts';
import type { Progress } from './session.ts';
import { Terminal } from './terminal.ts';
import { isColoured } from './terminal-open.ts';
import { barView, plainView } from './terminal-progress.ts';

interface Knobs {
  readonly isColoured?: boolean;
  readonly verbose?: boolean;
}

/** What a terminal shows of these news, when they are no terminal's. */
function shown(
  news: readonly News[],
  { isColoured = false, verbose = false }: Knobs = {},
): string[] {
  let text = '';
  const write = (more: string): void => {
    text += more;
  };
  const view = plainView(write, () => 0);
  const terminal = new Terminal({ view, isColoured, verbose, server: 'localhost:8000' });
  for (const one of news) terminal.tell(one);
  return text.split('\n').slice(0, -1);
}

const changed = (happening: Extract<News, { type: 'changed' }>['happening']): News => ({
  type: 'changed',
  happening,
});

it('shows one line per change, with its direction, operation and size', () => {
  const path = 'docs/report.txt';
  expect(
    shown([
      changed({ direction: 'sent', operation: 'update', path, size: 1229 }),
      changed({ direction: 'received', operation: 'move', path: 'b', oldPath: 'a', size: 0 }),
      changed({ direction: 'received', operation: 'delete', path: 'c', size: 9 }),
    ]),
  ).toEqual([
    '→ sent      update  docs/report.txt  1.2 KiB',
    '← received  move    a → b',
    '← received  delete  c',
  ]);
});

it('[F28] escapes what others have named', () => {
  const evil = 'x\u001b[2J\ny';
  const lines = shown([
    changed({ direction: 'received', operation: 'create', path: evil, size: 0 }),
    { type: 'problem', problem: { path: evil, code: 'denied', message: evil } },
    { type: 'offline', reason: evil },
    { type: 'said', level: 'warning', text: 'one\u001b\ntwo' },
  ]);
  expect(lines.join('|')).not.toContain('\u001b');
  expect(lines[0]).toBe('← received  create  x\\x1b[2J\\ny');
  expect(lines.slice(-2)).toEqual(['warning: one\\x1b', 'two']);
});

it('says how it stands, and the way out', () => {
  expect(
    shown([
      { type: 'connected' },
      { type: 'in_sync', files: 2, bytes: 2048 },
      { type: 'offline', reason: 'The server cannot be reached.' },
      { type: 'halted', reason: 'The directory is not there.' },
    ]),
  ).toEqual([
    '● connected to localhost:8000',
    '✓ in sync: 2 files, 2.0 KiB',
    '○ offline (localhost:8000): The server cannot be reached. It keeps trying.',
    '■ halted: The directory is not there.',
  ]);
});

it('[S15] says what is held, and where to say more', () => {
  const held = {
    id: 'i',
    direction: 'outgoing',
    deed: 'delete',
    bytes: 9,
    examples: ['a'],
  } as const;
  const hold = { ...held, files: 1204 };
  expect(
    shown([
      { type: 'held', hold },
      { type: 'released', hold },
    ]),
  ).toEqual([
    '? 1,204 files were deleted here; the server has them still. You are asked: syncer-client held',
    '✓ no longer held: it was approved or undone, or came to nothing',
  ]);
});

it('tells details to those who asked', () => {
  const news: News[] = [{ type: 'detail', text: 'condition: working' }];
  expect(shown(news)).toEqual([]);
  expect(shown(news, { verbose: true })).toEqual(['· condition: working']);
});

it('paints only where it may', () => {
  const news: News[] = [{ type: 'connected' }];
  expect(shown(news, { isColoured: true })[0]).toContain('\u001b[32m');
  expect(isColoured({ isTTY: true }, { TERM: 'xterm' })).toBe(true);
  expect(isColoured({ isTTY: true }, { NO_COLOR: '1', FORCE_COLOR: '1' })).toBe(false);
  expect(isColoured({ isTTY: true }, { TERM: 'dumb' })).toBe(false);
  expect(isColoured({}, { CI: '1' })).toBe(false);
  expect(isColoured({}, { FORCE_COLOR: '1' })).toBe(true);
});

const step = (files: number): Progress => ({
  step: 'upload',
  files,
  filesTotal: 10,
  bytes: files * 1024,
  bytesTotal: 10 * 1024,
});

it('without a terminal, tells of a long step in plain lines, at most every two seconds', () => {
  let now = 0;
  let text = '';
  const view = plainView(
    (more) => {
      text += more;
    },
    () => now,
  );
  for (let files = 1; files <= 9; files += 1) {
    view.show(step(files));
    now += 700;
  }
  expect(text.split('\n').slice(0, -1)).toEqual([
    '  sending 4 of 10 files, 4.0 KiB of 10 KiB, 1.4 KiB/s, 4 s left',
    '  sending 7 of 10 files, 7.0 KiB of 10 KiB, 1.4 KiB/s, 2 s left',
  ]);
});

/** What a terminal would be sent. */
function fakeTerminal() {
  const sent: string[] = [];
  const stream = Object.assign(Object.create(process.stdout), {
    isTTY: true,
    columns: 80,
    write: (text: string) => sent.push(text) > 0,
  });
  const open = () => new cliProgress.MultiBar({ stream, format: '{text}', clearOnComplete: true });
  const write = (text: string): void => void sent.push(text);
  return { sent, view: barView(write, { now: () => 0, open }) };
}

it('on a terminal, draws a bar and loses no line that comes meanwhile', () => {
  const { sent, view } = fakeTerminal();
  view.line('before');
  view.show(step(1));
  view.line('meanwhile');
  view.show(step(5));
  view.end();
  view.end();
  view.line('after');
  const text = sent.join('');
  expect(text).toContain('sending 5 of 10 files');
  expect(text.match(/before|meanwhile|after/g)).toEqual(['before', 'meanwhile', 'after']);
});

it('draws no bar for what is over at once', () => {
  const { sent, view } = fakeTerminal();
  view.show({ ...step(10) });
  expect(sent).toEqual([]);
});
