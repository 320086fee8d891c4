import type { Implementations } from '../assemble.ts';
import { type Located, readConfig } from '../config.ts';
import type { Problem } from '../problem.ts';
import type { ShownHold } from '../show-hold.ts';
import { stateHome } from '../state-home.ts';
import { isRunning, type LiveStatus, readStatus } from '../status-file.ts';
import { survey } from '../survey.ts';
import { type ShownConflict, shown } from './conflicts.ts';
import { openDirectory } from './open-directory.ts';
import { readStateOrNothing } from './read-state.ts';
import { statusText } from './status-text.ts';

export interface StatusOptions {
  readonly config: string;
  readonly json: boolean;
}

/** What `status` tells, and what `--json` prints. */
export interface Status {
  readonly client_name: string;
  /** The configuration's file. */
  readonly config: string;
  readonly sync_directory: string;
  readonly server: string;
  readonly ignore_patterns: readonly string[];
  /** Where the client keeps its state and its log. */
  readonly state_directory: string;
  /** In the directory now, without what is ignored. */
  readonly files: number;
  readonly directories: number;
  readonly bytes: number;
  readonly running: boolean;
  readonly pid: number | null;
  readonly connection: 'connected' | 'offline' | 'halted' | 'starting' | 'not_running';
  /** Why it is offline or halted. */
  readonly reason: string | null;
  /** Null: no client is running, so nobody knows. */
  readonly in_sync: boolean | null;
  /** How long something has not been in sync; null as above. */
  readonly lag_seconds: number | null;
  /** The disk holds everything up to this cursor; null: no client is running, or it does not know yet. */
  readonly applied_cursor: number | null;
  /** Changes on the server since, as far as the client has heard; null as above. */
  readonly lag_changes: number | null;
  /** Known changes that the other side does not have yet. */
  readonly pending: number;
  readonly problems: readonly Problem[];
  readonly conflicts: readonly ShownConflict[];
  /** What waits for a person's word, as a client last saw it. */
  readonly held: readonly ShownHold[];
  /** When a client last gave a sign of life, ISO 8601. */
  readonly last_seen: string | null;
}

/** Shows how things stand; needs no running client, and disturbs none. */
export async function status(
  implementations: Implementations,
  { config, json }: StatusOptions,
): Promise<number> {
  const status = await statusOf(implementations, readConfig(config));
  process.stdout.write(json ? `${JSON.stringify(status, null, 2)}\n` : statusText(status));
  return 0;
}

async function statusOf(implementations: Implementations, located: Located): Promise<Status> {
  const { config, file, directory, server } = located;
  const home = stateHome(directory);
  const { disk, ignore } = await openDirectory(implementations, located);
  const { conflicts, ...counts } = await survey(disk, ignore);
  const left = readStatus(home.status);
  return {
    client_name: config.client_name,
    config: file,
    sync_directory: directory,
    server,
    ignore_patterns: config.ignore_patterns,
    state_directory: home.folder,
    ...counts,
    ...liveOf(left, Date.now()),
    pending: await readStateOrNothing(implementations, home, (state) => state.changedCount()),
    conflicts: conflicts.map(shown),
    held: left?.held ?? [],
    last_seen: left?.updated ?? null,
  };
}

type Live = Pick<
  Status,
  | 'running'
  | 'pid'
  | 'connection'
  | 'reason'
  | 'in_sync'
  | 'lag_seconds'
  | 'applied_cursor'
  | 'lag_changes'
  | 'problems'
>;

const NOT_RUNNING: Live = {
  running: false,
  pid: null,
  connection: 'not_running',
  reason: null,
  in_sync: null,
  lag_seconds: null,
  applied_cursor: null,
  lag_changes: null,
  problems: [],
};

function liveOf(left: LiveStatus | undefined, now: number): Live {
  if (left === undefined || !isRunning(left, now)) return NOT_RUNNING;
  const { pid, condition, behind_since: since, applied, newest, problems } = left;
  return {
    running: true,
    pid,
    connection: connectionOf(left),
    reason: 'reason' in condition ? condition.reason : null,
    in_sync: since === null,
    lag_seconds: since === null ? 0 : Math.max(0, Math.round((now - Date.parse(since)) / 1000)),
    applied_cursor: applied?.cursor ?? null,
    lag_changes: applied === null ? null : Math.max(0, newest - applied.cursor),
    problems,
  };
}

function connectionOf({ condition, connected }: LiveStatus): Status['connection'] {
  if (condition.type === 'halted' || condition.type === 'offline') return condition.type;
  if (connected) return 'connected';
  return condition.type === 'starting' ? 'starting' : 'offline';
}
