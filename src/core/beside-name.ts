import { partsOf, shorten } from './conflict-name.ts';
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
  const [stem, extension] = kind === 'file' ? partsOf(name) : [name, ''];
  const room = MAX_NAME_BYTES - byteLength(end) - byteLength(extension);
  return shorten(stem, room) + end + extension;
}
