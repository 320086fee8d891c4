// Loaded before one of our programs (`node --import`), by tests only: it wraps whatever the program does to the
// world (files, databases, requests, answers, messages), and ends or stops the process at the step that the plan
// names. The product knows nothing of it.
import fs from 'node:fs';
import promises from 'node:fs/promises';
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import type { TimerOptions } from 'node:timers';
import timers from 'node:timers/promises';
import Database from 'better-sqlite3';
import WebSocket from 'ws';
import { AN_HOUR, logOf, PLAN, type Plan } from './plan.ts';

type Procedure = (this: unknown, ...args: unknown[]) => unknown;
type Holder = Record<string, Procedure>;
type Phase = 'before' | 'after';

const path = process.env[PLAN];
if (path === undefined) throw new Error(`${PLAN} names no plan.`);
const { readFileSync, writeSync } = fs;
const log = fs.openSync(logOf(path), 'a');
const RealDate = Date;

let text = '';
let plan: Plan = { round: '' };
const counts = new Map<string, number>();
/** What is done in here is no step. */
let isBusy = false;

function look(): Plan {
  const now = readFileSync(path as string, 'utf8');
  if (now === text) return plan;
  const before = plan.round;
  text = now;
  plan = JSON.parse(now);
  if (plan.round !== before) counts.clear();
  return plan;
}

function quietly<T>(work: () => T): T {
  const before = isBusy;
  isBusy = true;
  try {
    return work();
  } finally {
    isBusy = before;
  }
}

/** One moment at which the process may end. Only what our own source asks for counts, or what has a name. */
function step(phase: Phase, what: string, where = placeInSource()): void {
  if (isBusy || where === undefined) return;
  quietly(() => {
    const { round, at, signal = 'SIGKILL' } = look();
    if (round === '') return;
    const name = `${phase} ${what} ${where}`;
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    writeSync(log, `${round}\t${name}\n`);
    if (at?.name === name && at.nth === nth) process.kill(process.pid, signal);
  });
}

const SOURCE = /\/(src\/(?:client|server)\/[^\s:]+:\d+)/;

function placeInSource(): string | undefined {
  if (isBusy) return undefined;
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 40;
  const stack = new Error('where').stack ?? '';
  Error.stackTraceLimit = limit;
  return SOURCE.exec(stack)?.[1];
}

type Name = (args: readonly unknown[], self: unknown) => string | undefined;

/** `name` answers undefined for a call that changes nothing. */
function wrap(holder: object, key: string, name: Name = () => key): void {
  const held = holder as Holder;
  const real = held[key];
  if (real === undefined) throw new Error(`There is no ${key} to wrap.`);
  held[key] = function (this: unknown, ...args: unknown[]): unknown {
    const what = isBusy ? undefined : name(args, this);
    const where = what === undefined ? undefined : placeInSource();
    if (what === undefined || where === undefined) return real.apply(this, args);
    step('before', what, where);
    const done = args.at(-1);
    if (typeof done === 'function')
      args[args.length - 1] = thenStep(done as Procedure, what, where);
    const result = real.apply(this, args);
    if (result instanceof Promise) return result.then((value) => after(value, what, where));
    return typeof done === 'function' ? result : after(result, what, where);
  };
  // What was added to the function (`util.promisify.custom`) goes on being there.
  for (const more of Reflect.ownKeys(real)) {
    const property = Object.getOwnPropertyDescriptor(real, more);
    const own = Object.getOwnPropertyDescriptor(held[key], more);
    if (property !== undefined && own?.configurable !== false)
      Object.defineProperty(held[key], more, property);
  }
}

function after<T>(value: T, what: string, where: string): T {
  step('after', what, where);
  return value;
}

function thenStep(done: Procedure, what: string, where: string): Procedure {
  return function (this: unknown, ...results: unknown[]): unknown {
    step('after', what, where);
    return done.apply(this, results);
  };
}

/** Reading leaves the disk as it is: dying there is dying after the step before. */
function opens(key: string): Name {
  return ([, flags = 'r']) => {
    const { O_CREAT, O_TRUNC } = fs.constants;
    const isWrite = typeof flags === 'number' ? (flags & (O_CREAT | O_TRUNC)) !== 0 : flags !== 'r';
    return isWrite ? `${key} to write` : undefined;
  };
}

const CHANGES = [
  ...['rename', 'rm', 'rmdir', 'unlink', 'mkdir', 'link', 'symlink', 'chmod', 'utimes', 'truncate'],
  ...['writeFile', 'appendFile', 'copyFile'],
];
const DESCRIPTORS = ['write', 'fsync', 'fdatasync', 'fchmod', 'futimes', 'ftruncate'];

for (const key of CHANGES) {
  wrap(fs, key);
  wrap(fs, `${key}Sync`);
  wrap(promises, key);
}
for (const key of DESCRIPTORS) {
  wrap(fs, key);
  wrap(fs, `${key}Sync`);
}
wrap(fs, 'openSync', opens('openSync'));
wrap(promises, 'open', opens('open'));

const handle = await promises.open(new URL(import.meta.url));
for (const key of ['write', 'writev', 'writeFile', 'appendFile', 'sync', 'datasync', 'truncate'])
  wrap(Object.getPrototypeOf(handle), key);
await handle.close();

/** SQLite's own steps within one statement are not ours to stop at; a commit is there, or it is not. */
const probe = new Database(':memory:');
const statement = probe.prepare('BEGIN');
wrap(Object.getPrototypeOf(statement), 'run', (_, self) => {
  const { source } = self as { source: string };
  return source.split(/\s+/, 3).join(' ');
});
wrap(Database.prototype, 'exec');
wrap(Database.prototype, 'pragma', ([source]) =>
  String(source).includes('=') || String(source).includes('checkpoint') ? 'pragma' : undefined,
);
probe.close();

wrap(WebSocket.prototype, 'send');

const { request } = http;
/** Of a question to the server; a live connection begins otherwise. */
http.request = ((url: string | http.RequestOptions, options: http.RequestOptions) => {
  if (typeof url !== 'string') return request(url);
  const what = `${options.method ?? 'GET'} ${new URL(url).pathname}`;
  step('before', what, 'asked');
  const asked = request(url, options);
  asked.once('response', () => step('after', what, 'asked'));
  return asked;
}) as typeof http.request;

/** The answer of a server: what was asked is stored, and nobody knows it yet; then somebody may. */
const { end } = http.ServerResponse.prototype;
http.ServerResponse.prototype.end = function (this: http.ServerResponse, ...args: unknown[]) {
  const what = `${this.req.method} ${this.req.url?.replace(/\?.*/, '')}`;
  const isOurs = this.req.url?.startsWith('/v1/') === true && what !== 'GET /v1/stats';
  if (isOurs) step('before', what, 'answered');
  const result = Reflect.apply(end, this, args);
  if (isOurs) this.once('finish', () => step('after', what, 'answered'));
  return result;
} as typeof end;

const now = (): number => quietly(() => RealDate.now() + (look().clock ?? 0));

/** The clock that the plan sets. File times are the file system's, as on a machine whose server disk has its own. */
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, made) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, made),
  apply: () => new RealDate(now()).toString(),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});

const HOUR = 60 * 60 * 1000;
const wait = timers.setTimeout;
let hours = 0;

/** An hour passes when the plan says so. To begin to wait for it is a step: what is done every hour was done. */
timers.setTimeout = async <T>(ms?: number, value?: T, options?: TimerOptions): Promise<T> => {
  const where = ms === HOUR ? placeInSource() : undefined;
  const isPlanned = where !== undefined && quietly(look).hours !== undefined;
  if (!isPlanned) return await wait(ms, value as T, options);
  step('before', AN_HOUR, where);
  while (hours >= (quietly(look).hours ?? 0)) await wait(5, undefined, options);
  hours += 1;
  return value as T;
};

syncBuiltinESMExports();
