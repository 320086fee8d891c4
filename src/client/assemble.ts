import { type Deed, type Limits, limitsOf } from '../core/danger.ts';
import { ignorePatterns } from '../core/ignore.ts';
import type { SystemKind } from '../core/representable.ts';
import { systemClock } from './clock.ts';
import type { Located } from './config.ts';
import type { FolderApi } from './folder-api.ts';
import type { Live } from './live-connection.ts';
import { newId } from './new-id.ts';
import type { NewsDesk } from './news-desk.ts';
import { type Api, ApiFailure, type ClientState, type Disk, type StateReading } from './ports.ts';
import type { Settings } from './session.ts';
import { type Observer, Synchronizer } from './synchronizer.ts';
import type { NodeWatcher, NodeWatcherOptions } from './watch/options.ts';

interface ApiOptions {
  readonly base: string;
  readonly apiKey: string | undefined;
  readonly clientId: () => string;
  readonly epoch: () => string | undefined;
}

interface FolderOptions extends Pick<ApiOptions, 'base' | 'apiKey'> {
  /** Undefined: this client never ran. */
  readonly clientId: string | undefined;
}

interface LiveOptions {
  readonly base: string;
  readonly apiKey: string | undefined;
  readonly clientId: () => string;
  readonly clientName: string;
  readonly syncRoot: string;
  /** Milliseconds. */
  readonly heartbeat: number;
  readonly clock: typeof systemClock;
  readonly random: () => number;
}

/** A state of one's own, with what another holds now. */
export interface StateCopy {
  readonly state: ClientState;
  /** Closes and removes it. Twice is once. */
  discard(): void;
}

/** The ports' implementations, each loaded when it is used; `main` chooses them. */
export interface Implementations {
  openDisk(options: { readonly root: string; readonly now: () => number }): Promise<Disk>;
  /** Throws StateLocked, StateDamaged and StateTooNew. */
  openState(path: string): Promise<ClientState>;
  /** Undefined where there is none. Throws as above, but never StateLocked. */
  readState(path: string): Promise<StateReading | undefined>;
  /**
   * Copies a state, beside a client that may be running, to where nobody else sees it, and changes nothing of it;
   * where there is none, the copy is blank. Throws as `readState` does.
   */
  copyState(path: string): Promise<StateCopy>;
  /** Renames a state. Throws StateLocked. */
  setStateAside(names: { readonly path: string; readonly to: string }): Promise<void>;
  openApi(options: ApiOptions): Promise<Api>;
  openFolder(options: FolderOptions): Promise<FolderApi>;
  openLive(options: LiveOptions): Promise<Live>;
  openWatcher(options: NodeWatcherOptions): Promise<NodeWatcher>;
}

export interface Assembly {
  readonly implementations: Implementations;
  readonly located: Located;
  readonly state: ClientState;
  readonly desk: NewsDesk;
  readonly observer: Observer;
  /** The server refused this client before it ever took it: a wrong key, another protocol. */
  readonly onRefused: (failure: ApiFailure) => void;
}

export interface Assembled {
  readonly synchronizer: Synchronizer;
  readonly watcher: NodeWatcher;
  readonly disk: Disk;
}

/** Puts the engine together out of a configuration and the real parts. */
export async function assemble(assembly: Assembly): Promise<Assembled> {
  const { implementations, located, state, desk } = assembly;
  const { directory, config } = located;
  const disk = await implementations.openDisk({ root: directory, now: systemClock.now });
  const watcher = await implementations.openWatcher({
    root: directory,
    ignored: (path) => synchronizer.session.ignore.ignores(path, true),
  });
  const synchronizer: Synchronizer = new Synchronizer({
    disk,
    state,
    watcher,
    clock: systemClock,
    newId,
    random: Math.random,
    observer: assembly.observer,
    api: heedRefusal(await implementations.openApi(apiOptions(located, state)), assembly.onRefused),
    live: overheard(await implementations.openLive(liveOptions(located, state)), {
      desk,
      isWordTaken: config.approve_in_browser,
    }),
    options: {
      settings: settingsOf(located),
      listener: desk,
      ignore: ignorePatterns(config.ignore_patterns),
    },
  });
  return { synchronizer, watcher, disk };
}

/** What the engine is told of a configuration. */
export const settingsOf = ({ config, directory, server }: Located): Settings => ({
  server,
  clientName: config.client_name,
  syncRoot: directory,
  ignorePatterns: config.ignore_patterns,
  system: systemKind(),
  textMerge: config.text_merge,
  limits: limitsIn(config),
});

const limitsIn = (config: Located['config']): Limits => {
  const { hold_deletions: deletions, hold_overwrites: overwrites } = config;
  const deeds: Deed[] = [];
  if (deletions) deeds.push('delete');
  if (overwrites) deeds.push('overwrite');
  return limitsOf(deeds, { over: config.hold_over, share: config.hold_share });
};

/** What names this system can hold; others are held as on Linux. */
const systemKind = (): SystemKind =>
  process.platform === 'win32' ? 'windows' : process.platform === 'darwin' ? 'macos' : 'linux';

/** Where the server is, and what lets one in. */
export const serverOptions = ({
  config,
  server,
}: Pick<Located, 'config' | 'server'>): Pick<ApiOptions, 'base' | 'apiKey'> => ({
  base: `http${config.server_tls ? 's' : ''}://${server}`,
  apiKey: config.api_key ?? undefined,
});

export function apiOptions(
  located: Pick<Located, 'config' | 'server'>,
  state: Pick<ClientState, 'standing'>,
): ApiOptions {
  return {
    ...serverOptions(located),
    clientId: () => state.standing.clientId,
    epoch: () => state.standing.epoch,
  };
}

function liveOptions({ config, server, directory }: Located, state: ClientState): LiveOptions {
  return {
    base: `ws${config.server_tls ? 's' : ''}://${server}`,
    apiKey: config.api_key ?? undefined,
    clientId: () => state.standing.clientId,
    clientName: config.client_name,
    syncRoot: directory,
    heartbeat: config.heartbeat_interval * 1000,
    clock: systemClock,
    random: Math.random,
  };
}

/** A refusal at the first contact is a mistake in the configuration; a later one may pass (a key that comes back). */
function heedRefusal(api: Api, onRefused: (failure: ApiFailure) => void): Api {
  let wasWelcome = false;
  const register: Api['register'] = async (client) => {
    try {
      const welcome = await api.register(client);
      wasWelcome = true;
      return welcome;
    } catch (error) {
      if (error instanceof ApiFailure && !error.retry && !wasWelcome) onRefused(error);
      throw error;
    }
  };
  return {
    register,
    changes: (since, until, known) => api.changes(since, until, known),
    missing: (hashes) => api.missing(hashes),
    wanted: (before) => api.wanted(before),
    sendChunks: (chunks) => api.sendChunks(chunks),
    commit: (offer) => api.commit(offer),
    manifests: (checksums, bases) => api.manifests(checksums, bases),
    fetchChunks: (chunks, how) => api.fetchChunks(chunks, how),
  };
}

interface Overhearing {
  readonly desk: NewsDesk;
  /** False: nobody elsewhere is told what is held, nor listened to. */
  readonly isWordTaken: boolean;
}

const overheard = (live: Live, { desk, isWordTaken }: Overhearing): Live => ({
  run: (onEvent) =>
    live.run((event) => {
      desk.liveSaid(event);
      if (event.type !== 'word' || isWordTaken) onEvent(event);
    }),
  tellHeld: (holds) => live.tellHeld(isWordTaken ? holds : []),
  report: (reached) => live.report(reached),
  stop: () => live.stop(),
});
