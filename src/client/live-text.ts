import { printable } from './printable.ts';
import { bytesText, countText, durationText } from './quantity.ts';
import type { RecentChange } from './recent-changes.ts';
import { holdText } from './show-hold.ts';
import { isRunning, type LiveStatus } from './status-file.ts';

export interface LiveView {
  readonly clientName: string;
  readonly directory: string;
  /** `host:port`. */
  readonly server: string;
  /** What a client left last; undefined: none ever ran. */
  readonly left: LiveStatus | undefined;
  /** Oldest first. */
  readonly changes: readonly RecentChange[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A rate is of so many milliseconds. */
const WINDOW = 10_000;
/** Of changes, problems and holds, so many are shown. */
const SHOWN = { changes: 8, problems: 5 };

/** How a client stands, for a view that is drawn again and again. Each line is fit for a terminal. */
export function liveLines(view: LiveView): string[] {
  const { clientName, directory, server, left, changes, now } = view;
  const moving = changes.slice(-SHOWN.changes).reverse().map(changeText);
  const isAlive = left !== undefined && isRunning(left, now);
  const rows = [
    ['client', `${clientName}, ${directory} with ${server}`],
    ['connection', connectionText(left, now)],
    ['lag', lagText(left, now)],
    ['pending', isAlive ? pendingText(left.pending) : 'unknown'],
    ['rate', rateText(changes, now)],
    ...(isAlive ? problemRows(left) : []),
    ...heldRows(left),
  ] as const;
  const head = rows.map(([name, value]) => `${name.padEnd(12)}${value}`);
  return [...head, ...(moving.length > 0 ? ['', ...moving] : [])].map(printable);
}

/** The same in one line, for what is no terminal. */
export function liveLine(view: LiveView): string {
  const { left, now } = view;
  const isAlive = left !== undefined && isRunning(left, now);
  const problems = isAlive ? countText(left.problems.length, 'problem') : undefined;
  const held = (left?.held.length ?? 0) > 0 ? 'something is held' : undefined;
  const pending = isAlive ? `${pendingText(left.pending)} pending` : undefined;
  const parts = [connectionText(left, now), pending, problems, held];
  return printable(parts.filter((part) => part !== undefined).join('; '));
}

export function changeText({
  direction,
  operation,
  path,
  oldPath,
  size,
}: Omit<RecentChange, 'time'>): string {
  const way = oldPath === undefined ? path : `${oldPath} → ${path}`;
  const amount = size > 0 && operation !== 'delete' ? `  ${bytesText(size)}` : '';
  const arrow = direction === 'sent' ? '→' : '←';
  return `${arrow} ${direction.padEnd(8)}  ${operation.padEnd(6)}  ${way}${amount}`;
}

const pendingText = (pending: number): string =>
  pending === 0 ? 'nothing' : countText(pending, 'change');

function connectionText(left: LiveStatus | undefined, now: number): string {
  if (left === undefined || !isRunning(left, now))
    return 'no client is running (start one: syncer-client start)';
  const { condition, connected, pid } = left;
  const trouble = condition.type === 'offline' || condition.type === 'halted';
  if (trouble) return `${condition.type}: ${condition.reason} (process ${pid})`;
  const live = connected ? 'connected' : 'not connected live';
  return `${live}, ${WORDS[condition.type]} (process ${pid})`;
}

const WORDS = {
  starting: 'starting',
  working: 'at work',
  resting: 'at rest',
  asking: 'waiting for your word',
} as const;

function lagText(left: LiveStatus | undefined, now: number): string {
  if (left === undefined || !isRunning(left, now)) return 'unknown';
  const { behind_since: since } = left;
  return since === null
    ? 'none: in sync'
    : `not in sync for ${durationText(now - Date.parse(since))}`;
}

function rateText(changes: readonly RecentChange[], now: number): string {
  const recent = changes.filter(({ time }) => now - time < WINDOW && time <= now);
  if (recent.length === 0) return 'nothing moves';
  const rate = (direction: RecentChange['direction']): string => {
    const some = recent.filter((one) => one.direction === direction);
    const bytes = some.reduce((sum, { size }) => sum + size, 0);
    return `${direction} ${bytesText((bytes * 1000) / WINDOW)}/s, ${countText(some.length, 'change')}`;
  };
  return `${rate('sent')}; ${rate('received')}, in ${WINDOW / 1000} s`;
}

function problemRows({ problems }: LiveStatus): (readonly [string, string])[] {
  const more = problems.length - SHOWN.problems;
  return [
    ['problems', problems.length === 0 ? 'none' : `${problems.length}`],
    ...problems
      .slice(0, SHOWN.problems)
      .map(({ path, message }) => ['', `${path}: ${message}`] as const),
    ...(more > 0 ? [['', `and ${more} more`] as const] : []),
  ];
}

const heldRows = (left: LiveStatus | undefined): (readonly [string, string])[] => [
  ...(left?.held ?? []).map((hold, at) => [at === 0 ? 'held' : '', holdText(hold)] as const),
];
