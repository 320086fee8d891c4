import type { LogSink } from './log.ts';

interface Terminal {
  write(text: string): unknown;
}

/** Lines for people: time, level, message, and the fields behind it. */
export const terminalSink =
  (terminal: Terminal): LogSink =>
  (line) =>
    void terminal.write(`${plainLine(line)}\n`);

/** One line of JSON as a person reads it; further lines, of a stack, are indented. */
export function plainLine(json: string): string {
  const { time, level, msg = '', err, ...fields } = JSON.parse(json);
  const rest = Object.entries(fields).map(([key, value]) => `${key}=${shown(value)}`);
  const head = [shownTime(time), String(level).padEnd(5), escaped(String(msg)), ...rest].join(' ');
  return err === undefined ? head : `${head} ${shownError(err)}`;
}

const shownTime = (time: unknown): string => String(time).replace('T', ' ').slice(0, 19);

const PLAIN = /^[^\s"=\\]+$/;

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = escaped(text);
  return safe === text && PLAIN.test(text) ? text : quoted(value, safe);
}

const quoted = (value: unknown, safe: string): string =>
  typeof value === 'string' ? `"${safe.replaceAll('"', '\\"')}"` : safe;

function shownError(err: { readonly message?: unknown; readonly stack?: unknown }): string {
  const stack = typeof err.stack === 'string' ? err.stack : '';
  const calls = stack.split('\n').filter((line) => /^\s+at /.test(line));
  const lines = calls.map((line) => `\n    ${escaped(line.trim())}`);
  return `(${escaped(String(err.message ?? ''))})${lines.join('')}`;
}

/** What would move the cursor, start a line or turn the writing round is shown as its number (F28). */
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

const escaped = (text: string): string =>
  text.replace(UNSEEN, (found) => `\\u{${found.charCodeAt(0).toString(16)}}`);
