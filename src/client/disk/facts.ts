import type { Kind } from '../../core/entry.ts';
import type { Look } from '../ports.ts';

/** What a system tells of one thing, before it is judged. Times are nanoseconds since 1970. */
export interface Facts {
  readonly kind: Kind;
  /** As in `Look`. */
  readonly inode: string;
  /** Bytes; 0 for what is not a file. */
  readonly size: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly mode: number;
  /** Of a symlink. */
  readonly target?: string;
}

/** Milliseconds since 1970, read right before and right after the facts were. */
export interface Moment {
  readonly before: number;
  readonly after: number;
}

const SECOND = 1_000_000_000n;

/** What a stranger's thing looks like. */
export function lookOf(facts: Facts, moment: Moment): Look {
  return lookWith(facts, !isRacy(facts, moment));
}

/**
 * What a thing looks like after a step of ours that changed only its change time. `before` are its
 * facts as we knew them when its bytes were known. A stranger's write since then shows in size or
 * modification time, unless that time is now; see docs/decisions/0003-racy-looks.md.
 */
export function lookAfterStep(before: Facts, facts: Facts, moment: Moment): Look {
  if (facts.kind !== 'file') return lookOf(facts, moment);
  const known = sameButChangeTime(before, facts) && !isNear(facts.mtimeNs, moment);
  return lookWith(facts, known);
}

/** A look that says nothing of whether somebody wrote: whoever needs to know reads the bytes. */
export const withoutFingerprint = (look: Look): Look => ({ ...look, fingerprint: '' });

/** Whether what is there now is what a caller looked at. */
export function isExpected(expected: Look, facts: Facts): boolean {
  if (expected.kind !== facts.kind || expected.inode !== facts.inode) return false;
  // A directory is the same one whatever was put into it meanwhile.
  if (facts.kind === 'directory') return true;
  const shown = expected.fingerprint || expected.shown;
  if (shown !== undefined) return shown === fingerprintOf(facts);
  const mtime = millisecondsOf(facts.mtimeNs);
  return (
    expected.size === facts.size && expected.mtime === mtime && expected.target === facts.target
  );
}

/** Whether two looks at a moment's distance saw the same thing, but for what linking it changes. */
export const sameButChangeTime = (a: Facts, b: Facts): boolean =>
  a.kind === b.kind &&
  a.inode === b.inode &&
  a.size === b.size &&
  a.mtimeNs === b.mtimeNs &&
  a.target === b.target;

/** The furthest time that there is for JavaScript, and so for the protocol. Some disks hold further ones (C11). */
export const FURTHEST = 8.64e15;

/** Rounded: a time set in milliseconds comes back some nanoseconds off. */
export const millisecondsOf = (ns: bigint): number =>
  Math.max(-FURTHEST, Math.min(FURTHEST, Math.round(Number(ns) / 1e6))) + 0;

/** The permission bits of a file that may, or may not, be executed by whoever may read it. */
export const withExecutable = (mode: number, executable: boolean): number =>
  (executable ? mode | ((mode & 0o444) >> 2) : mode & ~0o111) & 0o777;

function lookWith(facts: Facts, isTold: boolean): Look {
  const { kind, inode, size, mtimeNs, mode, target } = facts;
  const shown = fingerprintOf(facts);
  const fingerprint = isTold ? shown : '';
  const executable = kind === 'file' && (mode & 0o100) !== 0;
  const mtime = millisecondsOf(mtimeNs);
  const look = { kind, inode, fingerprint, shown, size, mtime, executable };
  return target === undefined ? look : { ...look, target };
}

function fingerprintOf({ inode, size, mtimeNs, ctimeNs, mode, target }: Facts): string {
  if (target !== undefined) return `${inode}>${target}`;
  return `${inode}/${size}/${mtimeNs}/${ctimeNs}/${mode.toString(8)}`;
}

/** A symlink cannot be written to: one with the same target is the same. */
const isRacy = ({ kind, mtimeNs, ctimeNs }: Facts, moment: Moment): boolean =>
  kind !== 'symlink' && (isNear(ctimeNs, moment) || isNear(mtimeNs, moment));

/** Whether a write now could leave this very time. A time far in the future is no such time. */
function isNear(ns: bigint, { before, after }: Moment): boolean {
  // Whole seconds are what a file system writes that counts no finer (FAT counts in twos).
  const granularity = ns % SECOND === 0n ? 2_000 : 20;
  const time = Number(ns) / 1e6;
  return time > before - granularity && time < after + granularity;
}
