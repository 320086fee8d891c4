import { closeSync, constants, existsSync, lstatSync, openSync } from 'node:fs';

const { O_DIRECTORY, O_NOFOLLOW } = constants;
/** Linux: opens without a right to read, for nothing but a place to start from. */
const O_PATH = 0o10000000;

/** A directory that was reached without following a symlink. `${at}/name` is a thing in it. */
export interface Directory {
  readonly at: string;
  /** A directory in it, which the caller closes too. ENOENT, ENOTDIR; ELOOP for a symlink. */
  enter(name: string): Directory;
  close(): void;
}

/**
 * Node has no openat. Where Linux shows open files as names, `/proc/self/fd/N/name` is one: what was
 * opened stays what it is, whoever puts a symlink in its way afterwards.
 */
export const CAN_ANCHOR = process.platform === 'linux' && existsSync('/proc/self/fd');

/** The root itself may be reached through symlinks: the person named it. */
export const openDirectory = (root: string, anchored: boolean): Directory =>
  anchored ? anchor(openSync(root, O_PATH | O_DIRECTORY)) : named(root, lstatSync(`${root}/.`));

function anchor(fd: number): Directory {
  const at = `/proc/self/fd/${fd}`;
  return { at, enter: (name) => enterAnchored(`${at}/${name}`), close: () => closeSync(fd) };
}

function enterAnchored(spot: string): Directory {
  try {
    return anchor(openSync(spot, O_PATH | O_DIRECTORY | O_NOFOLLOW));
  } catch (error) {
    // To such an opening a symlink is merely no directory.
    refuseSymlink(lstatSync(spot, { throwIfNoEntry: false }));
    throw error;
  }
}

/** RACE: between this look and the step that follows, a directory can become a symlink. */
function named(at: string, stats: ReturnType<typeof lstatSync>): Directory {
  refuseSymlink(stats);
  if (!stats?.isDirectory()) throw withCode('ENOTDIR');
  const enter = (name: string) => named(`${at}/${name}`, lstatSync(`${at}/${name}`));
  return { at, enter, close: () => {} };
}

function refuseSymlink(stats: ReturnType<typeof lstatSync>): void {
  if (stats?.isSymbolicLink()) throw withCode('ELOOP');
}

const withCode = (code: string): Error =>
  Object.assign(new Error(`${code}: no directory to go through`), { code });
