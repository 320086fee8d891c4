import type { Kind } from './entry.ts';
import { byteLength, MAX_NAME_BYTES } from './name.ts';

export interface Beside {
  /** The name that is taken. */
  readonly name: string;
  readonly kind: Kind;
  /** One plain word. */
  readonly mark: string;
  /** 1 unless said otherwise; the next when a name was not free. */
  readonly attempt?: number;
}

/**
 * `report (restored).txt`, for the second attempt `report (restored 2).txt`; a directory's name has no extension. It passes
 * `checkName` when the name given does, and is shortened to that end.
 */
export function besideName({ name, kind, mark, attempt = 1 }: Beside): string {
  const end = attempt === 1 ? ` (${mark})` : ` (${mark} ${attempt})`;
  const [, stem = name, extension = ''] = (kind === 'file' ? PARTS.exec(name) : null) ?? [];
  const room = MAX_NAME_BYTES - byteLength(end) - byteLength(extension);
  return shorten(stem, room) + end + extension;
}

/** An extension is short and plain, and something stands before it. */
const PARTS = /^(.*[^.].*?)(\.[^.()\s]{1,16})$/su;

/** At most so many bytes of the text, ending with a whole code point. */
function shorten(text: string, bytes: number): string {
  let room = bytes;
  let short = '';
  for (const character of text) {
    room -= byteLength(character);
    if (room < 0) break;
    short += character;
  }
  return short;
}
