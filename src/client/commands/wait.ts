import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { KnownClient, Lag } from '../../protocol/client-info.ts';
import { isAskLeft, leaveAsk, removeAsk } from '../ask-files.ts';
import type { Implementations } from '../assemble.ts';
import { type Located, readConfig } from '../config.ts';
import type { FolderApi } from '../folder-api.ts';
import { ApiFailure } from '../ports.ts';
import { Refused } from '../refused.ts';
import { type StateHome, stateHome } from '../state-home.ts';
import { isRunning, type LiveStatus, readStatus } from '../status-file.ts';
import { openFolder } from './open-folder.ts';
import { countOf } from './option-count.ts';
import { askServer } from './server-refusal.ts';
import { doneText, lateText, reasonText } from './wait-text.ts';

export interface WaitOptions {
  readonly config: string;
  readonly allClients: boolean;
  /** Of all clients, only those that are connected. */
  readonly connected: boolean;
  /** Seconds; undefined: as long as it takes. */
  readonly timeout: string | undefined;
  readonly json: boolean;
}

/** What is waited for, and what `--json` prints. */
export interface Waited {
  readonly done: boolean;
  readonly whom: 'client' | 'connected' | 'all';
  /** Everything up to here is to be applied; null: this client has not offered all that is its own yet. */
  readonly cursor: number | null;
  /** Why this client is not done; null: it is, or it is not about this client. */
  readonly reason: string | null;
  /** How many clients lack something. */
  readonly behind: number;
  /** Those of them that lack most. */
  readonly clients: readonly KnownClient[];
}

/** It took too long. */
const LATE = 3;
/** Between two looks, in milliseconds: at first and at most. */
const PAUSE = { first: 50, longest: 500 };
/** Milliseconds until a person is told what is waited for, and between two such words. */
const WORD = { first: 2_000, again: 5_000 };

/**
 * Returns when this client has offered all that is in its directory and has applied what the server had then, or
 * when all clients have.
 */
export async function wait(
  implementations: Implementations,
  { config, timeout, json, allClients, connected }: WaitOptions,
): Promise<number> {
  if (connected && !allClients)
    throw new Refused('--connected goes with --all-clients.', { exitCode: 2 });
  const limit = timeout === undefined ? Number.POSITIVE_INFINITY : countOf(timeout, '--timeout');
  const located = readConfig(config);
  const home = stateHome(located.directory);
  statusOf(located, home);
  const { folder } = await openFolder(implementations, located);
  const whom = connected ? 'connected' : allClients ? 'all' : 'client';
  const watch = new Watch({ located, home, folder, whom });
  try {
    const waited = await untilDone(watch, { limit: limit * 1000, isSilent: json });
    if (json) process.stdout.write(`${JSON.stringify(waited, null, 2)}\n`);
    else if (waited.done) process.stdout.write(doneText(waited));
    else process.stderr.write(lateText(waited, limit));
    return waited.done ? 0 : LATE;
  } finally {
    watch.end();
  }
}

interface Patience {
  /** Milliseconds. */
  readonly limit: number;
  readonly isSilent: boolean;
}

async function untilDone(watch: Watch, { limit, isSilent }: Patience): Promise<Waited> {
  const begin = performance.now();
  let word = isSilent ? Number.POSITIVE_INFINITY : WORD.first;
  let said = '';
  for (let pause = PAUSE.first; ; pause = Math.min(PAUSE.longest, pause * 1.5)) {
    const waited = await watch.look();
    const passed = performance.now() - begin;
    if (waited.done || passed >= limit) return waited;
    if (passed >= word && reasonText(waited) !== said) {
      said = reasonText(waited);
      word = passed + WORD.again;
      process.stderr.write(`waiting: ${said}\n`);
    }
    await setTimeout(Math.min(pause, limit - passed));
  }
}

interface WatchParts {
  readonly located: Located;
  readonly home: StateHome;
  readonly folder: FolderApi;
  readonly whom: Waited['whom'];
}

/** First what is here has to be on the server; how far the server is by then is what has to be applied. */
class Watch {
  readonly #parts: WatchParts;
  readonly #ask: string;
  #target: Lag | undefined;

  constructor(parts: WatchParts) {
    this.#parts = parts;
    this.#ask = leaveAsk(parts.home.asks, `${process.pid}-${randomUUID()}`);
  }

  /** Throws Refused where waiting is in vain. */
  async look(): Promise<Waited> {
    const { located, home, whom } = this.#parts;
    const status = statusOf(located, home);
    if (this.#target === undefined) {
      const reason = unoffered(status, isAskLeft(this.#ask));
      if (reason !== undefined) return this.#waited({ reason });
    }
    if (this.#target === undefined || whom !== 'client') {
      const lag = await this.#lag();
      if (typeof lag === 'string') return this.#waited({ reason: lag });
      this.#target ??= lag;
      if (lag.epoch !== this.#target.epoch) throw otherHistory(located);
      if (whom !== 'client') return this.#waited({ behind: lag.behind, clients: lag.clients });
    }
    return this.#waited({ reason: unapplied(status, this.#target) });
  }

  /** Or why the server cannot be asked now. */
  async #lag(): Promise<Lag | string> {
    const { located, folder, whom } = this.#parts;
    const cursor = this.#target?.cursor;
    const query = { ...(cursor !== undefined && { cursor }), connected: whom === 'connected' };
    return await askServer(located, async () => {
      try {
        return await folder.lag(query);
      } catch (error) {
        if (!(error instanceof ApiFailure)) throw error;
        if (error.code === 'not_found') throw tooOld(located);
        if (!error.retry) throw error;
        return error.message;
      }
    });
  }

  #waited({
    reason,
    behind = 0,
    clients = [],
  }: {
    readonly reason?: string | undefined;
    readonly behind?: number;
    readonly clients?: readonly KnownClient[];
  }): Waited {
    const { whom } = this.#parts;
    const done = reason === undefined && behind === 0;
    const cursor = this.#target?.cursor ?? null;
    return { done, whom, cursor, reason: reason ?? null, behind, clients };
  }

  /** The client need not look for one who is gone. */
  end(): void {
    removeAsk(this.#ask);
  }
}

/** Of the client that runs. */
function statusOf({ directory, file }: Located, { status }: StateHome): LiveStatus {
  const left = readStatus(status);
  if (left === undefined || !isRunning(left, Date.now()))
    throw new Refused(
      `No client runs for ${directory}, so nothing would be applied. Start it: syncer-client start -c ${file}`,
    );
  const { condition } = left;
  if (condition.type !== 'halted') return left;
  throw new Refused(`The client of ${file} does nothing until you have acted: ${condition.reason}`);
}

/** Why what is in the directory may not all be on the server; undefined: it is. */
function unoffered(
  { condition, connected, problems }: LiveStatus,
  isLooking: boolean,
): string | undefined {
  if (condition.type === 'offline') return `this client is offline (${condition.reason})`;
  if (isLooking) return connected ? 'this client looks at its directory' : 'this client connects';
  if (condition.type === 'asking')
    return 'something is held here and waits for your word (syncer-client held)';
  const [first, ...more] = problems;
  if (first !== undefined) {
    const rest = more.length === 0 ? '' : ` and ${more.length} more (syncer-client status)`;
    return `${first.path} cannot proceed: ${first.message}${rest}`;
  }
  return condition.type === 'resting' ? undefined : 'this client is at work';
}

function unapplied({ applied }: LiveStatus, { epoch, cursor }: Lag): string | undefined {
  if (applied === null || applied.epoch !== epoch) return 'this client reads what the server has';
  if (applied.cursor < cursor)
    return `this client has everything up to change ${applied.cursor} of ${cursor}`;
  return applied.held === 0 ? undefined : `${applied.held} paths cannot proceed here`;
}

const otherHistory = ({ server }: Located): Refused =>
  new Refused(
    `The server at ${server} was set up anew or put back in time meanwhile. Wait again: syncer-client wait`,
  );

const tooOld = ({ server }: Located): Refused =>
  new Refused(
    `The server at ${server} is of an earlier version, and cannot tell how far clients are. Update it.`,
  );
