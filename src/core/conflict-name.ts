import type { Kind } from './entry.ts';
import { byteLength, checkName, MAX_NAME_BYTES } from './name.ts';

export interface Copy {
  /**
   * The name that the copy could not have. When it is a conflict copy's, the original's is used.
   */
  readonly name: string;
  /** The name of the client that the version is from. */
  readonly client: string;
  /** Of the version, milliseconds since 1970; undefined: unknown, as of directories. */
  readonly time: number | undefined;
  /** A directory's name has no extension. A file unless said otherwise. */
  readonly kind?: Kind;
  /** 1 unless said otherwise; the next when a name was not free. */
  readonly attempt?: number;
}

export interface ParsedCopy {
  readonly original: string;
  readonly client: string;
  /** Milliseconds since 1970, a whole second. */
  readonly time: number | undefined;
  readonly attempt: number;
}

/**
 * `report (conflict, Anna, 2026-11-22 17-54-14).txt`, in UTC; for the second attempt `… 17-54-14
 * 2).txt`; without a time `docs (conflict, Anna)` and `docs (conflict, Anna, 2)`. Derived from
 * nothing but its input, so that every client finds the same name. It passes `checkName` when the
 * name given does, and is shortened to that end.
 */
export function conflictName({ name, client, time, kind = 'file', attempt = 1 }: Copy): string {
  const mark = ` (${['conflict', harmless(client), ...when(time, attempt)].join(', ')})`;
  return markedName(name, kind, mark);
}

/**
 * What `conflictName` made a name from; undefined when the name is no conflict copy's. The original
 * passes `checkName`; it may have been shortened.
 */
export function parseConflictName(name: string): ParsedCopy | undefined {
  if (name.length > MAX_NAME_BYTES) return undefined;
  const [, stem, client, text, again, only, extension] = COPY.exec(name) ?? [];
  if (stem === undefined || client === undefined) return undefined;
  const original = stem + (extension ?? '');
  const time = text === undefined ? undefined : parseTime(text);
  if (checkName(original) !== undefined || (text !== undefined && time === undefined))
    return undefined;
  return { original, client, time, attempt: Number(again ?? only ?? 1) };
}

export const isConflictName = (name: string): boolean => parseConflictName(name) !== undefined;

/** In the name of every conflict copy, before the client's: what they are searched by. */
export const CONFLICT_MARK = ' (conflict, ';

/** An extension is short and plain; else it is taken for a part of the name. */
const EXTENSION = '\\.[^.()\\s]{1,16}';
const STAMP = '\\d{4}-\\d\\d-\\d\\d \\d\\d-\\d\\d-\\d\\d';
const ATTEMPT = '[2-9]|[1-9]\\d{1,8}';
const WHEN = `(?:, (${STAMP})(?: (${ATTEMPT}))?|, (${ATTEMPT}))?`;
const COPY = new RegExp(`^(.+) \\(conflict, ([^(),]+)${WHEN}\\)(${EXTENSION})?$`, 'su');
const PLAIN_EXTENSION = new RegExp(`^${EXTENSION}$`, 'u');

/** The name with the mark before its extension, and as much of its stem as there is room for. */
function markedName(name: string, kind: Kind, mark: string): string {
  const base = originalOf(name);
  const [stem, extension] = kind === 'directory' ? [base, ''] : partsOf(base);
  const short = shorten(stem, MAX_NAME_BYTES - byteLength(mark) - byteLength(extension));
  if (short === stem) return stem + mark + extension;
  // Once more: the cut may have left a stem that ends in a mark of its own, or in an extension.
  return markedName(short + extension, kind, mark);
}

/** A copy of a copy is a copy of the original: marks never pile up. */
function originalOf(name: string): string {
  let original = name;
  for (let copy = parseConflictName(name); copy; copy = parseConflictName(original)) {
    original = copy.original;
  }
  return original;
}

/** `archive.tar.gz` is `archive.tar` and `.gz`; `.bashrc` has no extension. */
export function partsOf(name: string): [stem: string, extension: string] {
  const dot = name.lastIndexOf('.');
  const [stem, extension] = [name.slice(0, Math.max(dot, 0)), name.slice(dot)];
  const plain = PLAIN_EXTENSION.test(extension) && /[^.]/.test(stem);
  return plain ? [stem, extension] : [name, ''];
}

/** At most so many bytes of the text, ending with a whole code point. */
export function shorten(text: string, bytes: number): string {
  let room = bytes;
  let short = '';
  for (const character of text) {
    room -= byteLength(character);
    if (room < 0) break;
    short += character;
  }
  return short;
}

/** What would end a mark early, or what one system cannot hold in a name, becomes `-`. */
function harmless(client: string): string {
  const plain = client.toWellFormed().normalize('NFC').replace(ODD, '-').trim();
  return shorten(plain, 64).trim() || 'unknown';
}

const ODD = /[/\\:*?"<>|(),\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** The end of the mark: the time and, from the second on, the attempt. */
function when(time: number | undefined, attempt: number): string[] {
  const again = attempt > 1 ? `${attempt}` : '';
  if (time === undefined || Number.isNaN(time)) return again === '' ? [] : [again];
  return [`${formatTime(time)} ${again}`.trimEnd()];
}

/** Years of four digits, and no other. */
const FIRST = Date.parse('0000-01-01T00:00:00Z');
const LAST = Date.parse('9999-12-31T23:59:59Z');

function formatTime(time: number): string {
  const iso = new Date(Math.min(Math.max(time, FIRST), LAST)).toISOString();
  return iso.slice(0, 19).replace('T', ' ').replaceAll(':', '-');
}

/** Undefined for what is not a moment, such as the 30th of February. */
function parseTime(text: string): number | undefined {
  const time = Date.parse(`${text.slice(0, 10)}T${text.slice(11).replaceAll('-', ':')}Z`);
  return !Number.isNaN(time) && formatTime(time) === text ? time : undefined;
}
