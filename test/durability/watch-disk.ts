import fs from 'node:fs';
import fsPromises, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** Of one file or directory: the last step that did this to it. */
interface Since {
  /** What it holds: bytes, or names. */
  held: number;
  /** Its mode or its times. */
  described: number;
  synced: number;
}

let step = 0;
const all = new Map<string, Since>();
const early: string[] = [];

const keyOf = ({ dev, ino }: fs.BigIntStats): string => `${dev}:${ino}`;

const sinceOf = (stats: fs.BigIntStats): Since => {
  const since = all.get(keyOf(stats)) ?? { held: 0, described: 0, synced: 0 };
  all.set(keyOf(stats), since);
  return since;
};

const next = (): number => {
  step += 1;
  return step;
};

type From = fs.PathLike;
/** Runs when the step has been done. */
type After = () => void;

/** A name in a directory came or went. */
function nameChanged(path: From): void {
  const options = { bigint: true, throwIfNoEntry: false } as const;
  const stats = fs.statSync(dirname(String(path)), options);
  if (stats !== undefined) sinceOf(stats).held = next();
}

/** What gets a name is to be durable by then: a crash would leave the name with a part of the bytes. */
function named(from: From, to: From): After {
  const stats = fs.lstatSync(from, { bigint: true, throwIfNoEntry: false });
  if (stats?.isFile() && sinceOf(stats).held > sinceOf(stats).synced) early.push(String(to));
  return () => nameChanged(to);
}

/** A new directory may have the inode of one that is gone. */
function made(path: From): After {
  return () => {
    all.delete(keyOf(fs.lstatSync(path, { bigint: true })));
    nameChanged(path);
  };
}

function mark(fd: number, what: keyof Since): void {
  sinceOf(fs.fstatSync(fd, { bigint: true }))[what] = next();
}

const waiting = new Map<PropertyKey, () => void>();

/** Somebody does this right before the function is called for the next time. */
export const meanwhile = (name: 'renameSync' | 'linkSync', act: () => void): void => {
  waiting.set(name, act);
};

function interrupt(name: PropertyKey): void {
  const act = waiting.get(name);
  waiting.delete(name);
  act?.();
}

type Hook = (this: unknown, ...given: never[]) => After | undefined;

/** Runs the hook whenever the function is called, and what it answers when that has been done. */
function wrap<T extends object>(on: T, name: keyof T, hook: Hook): void {
  const original = on[name] as (...given: never[]) => unknown;
  const wrapped = function (this: unknown, ...given: never[]): unknown {
    interrupt(name);
    const after = hook.apply(this, given);
    const then = (value: unknown): unknown => {
      after?.();
      return value;
    };
    const result = original.apply(this, given);
    if (result instanceof Promise) return result.then(then);
    return then(result);
  };
  // How a function is to be made one of promises is written on it.
  for (const symbol of Object.getOwnPropertySymbols(original)) {
    const kept = Object.getOwnPropertyDescriptor(original, symbol);
    if (kept !== undefined) Object.defineProperty(wrapped, symbol, kept);
  }
  on[name] = wrapped as T[keyof T];
}

const marking = (what: keyof Since): Hook =>
  ((fd: number) => {
    mark(fd, what);
  }) as Hook;

type Module = { [name: string]: unknown };

for (const [on, ending] of [
  [fs as Module, 'Sync'],
  [fsPromises as Module, ''],
] as const) {
  wrap(on, `link${ending}`, (from: From, to: From) => named(from, to));
  wrap(on, `rename${ending}`, (from: From, to: From) => {
    const after = named(from, to);
    return () => {
      after();
      nameChanged(from);
    };
  });
  wrap(on, `mkdir${ending}`, (path: From, options?: { recursive?: boolean }) =>
    options?.recursive ? undefined : made(path),
  );
  for (const name of ['unlink', 'rm', 'rmdir']) {
    wrap(on, `${name}${ending}`, (path: From) => () => nameChanged(path));
  }
  wrap(on, `symlink${ending}`, (_target: From, path: From) => () => nameChanged(path));
}
for (const name of ['write', 'writeSync'] as const) wrap(fs, name, marking('held'));
for (const name of ['fchmodSync', 'futimesSync'] as const) wrap(fs, name, marking('described'));
for (const name of ['fsync', 'fsyncSync'] as const) wrap(fs, name, marking('synced'));
const { fsync } = fs;
let failing: Error | undefined;
/** What is asked for next to be durable is not, says the system; and forgets it. */
export const failNextSync = (error: Error): void => {
  failing = error;
};
fs.fsync = Object.assign((fd: number, done: fs.NoParamCallback): void => {
  const error = failing;
  failing = undefined;
  if (error === undefined) fsync(fd, done);
  else setImmediate(done, error);
}, fsync);
syncBuiltinESMExports();

/** What an open file of promises does is done by its class. */
const handle = await fsPromises.open('/dev/null', 'r');
const prototype: FileHandle = Object.getPrototypeOf(handle);
await handle.close();
for (const [name, what] of [
  ['write', 'held'],
  ['sync', 'synced'],
] as const) {
  wrap(prototype, name, function (this: unknown) {
    mark((this as FileHandle).fd, what);
    return undefined;
  });
}

/** The names that were given to files which were not durable by then. */
export const namedTooEarly = (): string[] => early.splice(0);

/**
 * The directories and files below that are not durable as they are. `leftOut`: directories of which nothing is to
 * survive a crash.
 */
export function notDurable(root: string, leftOut: readonly string[]): string[] {
  return [...walk(root)]
    .filter((path) => !leftOut.some((one) => relative(root, path).startsWith(one)))
    .filter((path) => {
      const stats = fs.lstatSync(path, { bigint: true });
      const { held, described, synced } = sinceOf(stats);
      return !stats.isSymbolicLink() && Math.max(held, described) > synced;
    })
    .map((path) => relative(root, path) || '.');
}

function* walk(directory: string): Iterable<string> {
  yield directory;
  for (const entry of fs.readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else yield path;
  }
}
