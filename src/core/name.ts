import { fold } from './representable.ts';

/**
 * Where our own things live in a synchronized directory. Nothing that is synchronized may bear this
 * name.
 */
export const INTERNAL_DIRECTORY = '.syncer';

/** UTF-8 bytes: the limit of Linux, and the least of all systems. */
export const MAX_NAME_BYTES = 255;

export type NameProblem =
  | 'empty'
  | 'not-text'
  | 'too-long'
  | 'dots'
  | 'separator'
  | 'control'
  | 'drive'
  | 'not-normalized'
  | 'internal';

export const NAME_PROBLEMS: Record<NameProblem, string> = {
  empty: 'A name is empty.',
  'not-text': 'A name is not valid Unicode text.',
  'too-long': 'A name is longer than 255 bytes.',
  dots: 'A name is . or .. and would mean another directory.',
  separator: 'A name contains a slash or a backslash.',
  control: 'A name contains a control character.',
  drive: 'A name is a drive letter with a colon.',
  'not-normalized': 'A name is not in the Unicode form NFC.',
  internal: `A name is, or may be read as, ${INTERNAL_DIRECTORY}, which is kept for internal use.`,
};

/**
 * Why `name` cannot be the name of a node on any system; undefined: it can. A name is refused or
 * taken as it is, never cleaned, so that what was checked is what is used. What only one system
 * cannot hold is the matter of `unrepresentable`.
 */
export function checkName(name: string): NameProblem | undefined {
  if (PLAIN.test(name)) return undefined;
  return CHECKS.find(([, fails]) => fails(name))?.[0];
}

/** Most names: too plain to fail any check below. Only there for speed. */
const PLAIN = /^[\w-][\w. -]{0,254}$/;

/** In this order: the later checks count on well-formed text of bounded length. */
const CHECKS: readonly (readonly [NameProblem, (name: string) => boolean])[] = [
  ['empty', (name) => name === ''],
  ['not-text', (name) => !name.isWellFormed()],
  ['too-long', (name) => name.length > MAX_NAME_BYTES || byteLength(name) > MAX_NAME_BYTES],
  ['dots', (name) => name === '.' || name === '..'],
  ['separator', (name) => /[/\\]/.test(name)],
  ['control', (name) => /\p{Cc}/u.test(name)],
  ['drive', (name) => /^[a-z]:$/i.test(name)],
  ['not-normalized', (name) => name.normalize('NFC') !== name],
  ['internal', isInternal],
];

/**
 * Whether some file system would take `name` for the internal directory: in another case, with code
 * points that HFS+ and case-folding ext4 leave out, with the dots, spaces or stream name (`:…`)
 * that Windows leaves out, or by its short name there.
 */
export function isInternal(name: string): boolean {
  if (!/y/i.test(name)) return false;
  const visible = fold(name.replace(/\p{Default_Ignorable_Code_Point}/gu, ''));
  const bare = withoutEnding(visible.split(':', 1)[0] ?? '');
  return bare === INTERNAL_DIRECTORY || SHORT_NAMES.test(bare);
}

/**
 * The 8.3 names that Windows makes for `.syncer`: SYNCER~1, from the tenth on with fewer letters;
 * after four alike, two letters and four digits of a hash (any hash is refused, as it is a secret
 * of the system).
 */
const SHORT_NAMES = /^(?:syncer~\d|synce~\d\d|sync~\d{3}|sy[\da-f]{4}~\d|sy[\da-f]{3}~\d\d)$/;

function withoutEnding(name: string): string {
  let end = name.length;
  while (end > 0 && (name[end - 1] === '.' || name[end - 1] === ' ')) end -= 1;
  return name.slice(0, end);
}

/** The length of well-formed text in UTF-8, in bytes. */
export function byteLength(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length; at += 1) bytes += unitBytes(text.charCodeAt(at));
  return bytes;
}

/** Each half of a surrogate pair is worth two of the pair's four bytes. */
function unitBytes(unit: number): number {
  if (unit < 0x80) return 1;
  if (unit < 0x800) return 2;
  return unit >= 0xd800 && unit <= 0xdfff ? 2 : 3;
}
