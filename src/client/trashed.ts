/** A file or a symlink in the trash. */
export interface Trashed {
  /** When it came there, in UTC: `2026-11-22`. */
  readonly day: string;
  /** Which of the trash's layers it lies in; with `path` it names the thing. */
  readonly layer: string;
  /** Where it was. */
  readonly path: readonly string[];
  readonly kind: 'file' | 'symlink';
  /** Bytes; 0 of a symlink. */
  readonly size: number;
  /** Milliseconds since 1970: when it was thrown away. */
  readonly since: number;
}
