import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeDirectories } from './make-directories.ts';
import type { Problem } from './problem.ts';
import type { Reached } from './reached.ts';
import type { ShownHold } from './show-hold.ts';
import type { Condition } from './synchronizer.ts';

/** What a running client leaves for `status` to read. Times are ISO 8601. */
export interface LiveStatus {
  readonly pid: number;
  readonly started: string;
  readonly updated: string;
  /** It ended in good order. */
  readonly stopped: boolean;
  readonly condition: Condition;
  /** Of the live connection. */
  readonly connected: boolean;
  /** Since when something has not been in sync; null: nothing is known that is not. */
  readonly behind_since: string | null;
  /** Nodes on which the two sides do not agree yet. */
  readonly pending: number;
  /** How far the disk is; null: no round has told yet. */
  readonly applied: Reached | null;
  /** The server's cursor, as far as this client has heard. */
  readonly newest: number;
  readonly problems: readonly Problem[];
  /** What waits for a person's word. */
  readonly held: readonly ShownHold[];
}

/** Written whole or not at all. That it cannot be written stops nobody's work. */
export function writeStatus(path: string, status: LiveStatus): void {
  const fresh = `${path}.${status.pid}.new`;
  try {
    makeDirectories(dirname(path), 0o700);
    writeFileSync(fresh, `${JSON.stringify(status, null, 2)}\n`, { mode: 0o600 });
    renameSync(fresh, path);
  } catch {
    if (existsSync(fresh)) rmSync(fresh);
  }
}

/** Of the client that last ran; undefined where none did, or what it left cannot be read. */
export function readStatus(path: string): LiveStatus | undefined {
  try {
    const status: LiveStatus = JSON.parse(readFileSync(path, 'utf8'));
    const { pid, updated, condition, problems, held } = status;
    const isWhole =
      Number.isInteger(pid) &&
      Array.isArray(problems) &&
      Array.isArray(held) &&
      condition !== undefined;
    // Of a client of an earlier version, what it did not tell is unknown.
    const told = { ...status, applied: status.applied ?? null, newest: status.newest ?? 0 };
    return isWhole && !Number.isNaN(Date.parse(updated)) ? told : undefined;
  } catch {
    return undefined;
  }
}

/** A living client writes at least this often, in milliseconds. */
export const HEARTBEAT = 15_000;

/** Whether the client that wrote this runs. A process of that number alone proves nothing: numbers come again. */
export function isRunning({ pid, updated, stopped }: LiveStatus, now: number): boolean {
  return !stopped && Math.abs(now - Date.parse(updated)) < HEARTBEAT * 4 && isProcess(pid);
}

function isProcess(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
