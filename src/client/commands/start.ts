import { existsSync } from 'node:fs';
import { type Assembled, assemble, type Implementations } from '../assemble.ts';
import { Attendant } from '../attend.ts';
import { checkDirectory } from '../check-directory.ts';
import { type Located, readOrCreateConfig } from '../config.ts';
import { EventLog } from '../event-log.ts';
import type { News, Tell } from '../news.ts';
import { NewsDesk } from '../news-desk.ts';
import { type OpenedState, openClientState } from '../open-client-state.ts';
import { type ApiFailure, DiskError } from '../ports.ts';
import { Refused } from '../refused.ts';
import { SmallMemory } from '../small-memory.ts';
import { mustLieOutside, type StateHome, stateHome } from '../state-home.ts';
import type { Condition, Observer } from '../synchronizer.ts';
import { openTerminal } from '../terminal-open.ts';
import { onClosedOutput, onStopSignal } from './stop-signals.ts';

export interface StartOptions {
  readonly config: string;
  readonly verbose: boolean;
  readonly reset: boolean;
}

/** Synchronizes until a signal; then finishes the round that is under way, and answers the exit code. */
export async function start(
  implementations: Implementations,
  { config, verbose, reset }: StartOptions,
): Promise<number> {
  const stopping = new AbortController();
  onStopSignal(() => stopping.abort());
  onClosedOutput(() => stopping.abort());
  const located = readOrCreateConfig(config);
  const home = stateHome(located.directory);
  mustLieOutside(located, home);
  checkDirectory(located, { isFirst: reset || !existsSync(home.state) });
  const opened = await openClientState(implementations, { home, reset, now: Date.now() });
  try {
    const tell = await openNews(located, { home, verbose });
    greet(located, opened, { home, tell });
    const client = { located, home, opened, tell, stopping: stopping.signal };
    return await synchronize(implementations, client);
  } finally {
    opened.state.close();
  }
}

async function openNews(
  { server }: Located,
  { home, verbose }: { home: StateHome; verbose: boolean },
): Promise<Tell> {
  const terminal = await openTerminal({ verbose, server });
  const log = new EventLog({ path: home.log, now: Date.now, verbose, later: setImmediate });
  // The cursor is hidden while a bar is drawn, whatever way the process ends.
  process.once('exit', () => {
    terminal.view.end();
    log.flush();
  });
  return (news) => {
    terminal.tell(news);
    log.tell(news);
  };
}

const info = (text: string): News => ({ type: 'said', level: 'info', text });
const warning = (text: string): News => ({ type: 'said', level: 'warning', text });

function greet(
  located: Located & { readonly created: boolean },
  { aside }: OpenedState,
  { home, tell }: { home: StateHome; tell: Tell },
): void {
  const { config, file, directory, server, created } = located;
  if (created) {
    const { client_name: name, sync_directory: path } = config;
    tell(info(`Made the configuration ${file}: client_name ${name}, sync_directory ${path}.`));
  }
  tell(info(`${config.client_name} synchronizes ${directory} with ${server}. Ctrl-C stops.`));
  tell(info(`State and log: ${home.folder}`));
  if (aside !== undefined) {
    tell(warning(`The old state was set aside as ${aside.path}. ${aside.reason}`));
    tell(info('Starting afresh: nothing is deleted on either side, equal files are united.'));
  }
  if (file.startsWith(`${directory}/`)) {
    const text = `${file} lies in the synchronized directory, so others get it too, api_key and all.`;
    tell(warning(`${text} Move it, or add its name to ignore_patterns.`));
  }
}

interface Client {
  readonly located: Located;
  readonly home: StateHome;
  readonly opened: OpenedState;
  readonly tell: Tell;
  readonly stopping: AbortSignal;
}

async function synchronize(
  implementations: Implementations,
  { located, home, opened, tell, stopping }: Client,
): Promise<number> {
  const { state } = opened;
  const desk = new NewsDesk({ tell, counts: () => state.counts() });
  let refusal: ApiFailure | undefined;
  const onRefused = (failure: ApiFailure): void => {
    refusal = failure;
    assembled.synchronizer.stop();
  };
  // Whoever is told of trouble may ask `status` at once: it knows already.
  const memory = new SmallMemory(() => state.letGo());
  const conditionChanged = (condition: Condition): void => {
    if (BUSY.has(condition.type)) memory.works();
    else memory.rests();
    if (TROUBLE.has(condition.type)) attendant.leaveWord();
    desk.conditionChanged(condition);
  };
  const observer: Observer = {
    conditionChanged,
    wordGiven: (verbs) => attendant.takeWord(verbs),
  };
  const assembled = await assemble({ implementations, located, state, desk, observer, onRefused });
  const attendant = new Attendant({ ...assembled, desk, tell, home });
  attendant.look();
  memory.works();
  try {
    await runUntilStopped(assembled, { tell, stopping, onLate: () => attendant.stop() });
  } catch (error) {
    throw error instanceof DiskError ? diskRefusal(error, located) : error;
  } finally {
    memory.stop();
    attendant.stop();
  }
  if (refusal !== undefined) throw serverRefusal(refusal, located);
  tell(info('Stopped.'));
  return 0;
}

const BUSY: ReadonlySet<Condition['type']> = new Set(['starting', 'working']);

/** What a person is told of with a command to ask for more. */
const TROUBLE: ReadonlySet<Condition['type']> = new Set(['offline', 'halted', 'asking']);

/** A round may take this long to end once it is asked to. Milliseconds. */
const PATIENCE = 10_000;

interface Run {
  readonly tell: Tell;
  readonly stopping: AbortSignal;
  readonly onLate: () => void;
}

async function runUntilStopped(
  { synchronizer }: Assembled,
  { tell, stopping, onLate }: Run,
): Promise<void> {
  const leave = (): void => {
    onLate();
    tell(
      warning('A step takes long and is left unfinished. Nothing is lost: the next start goes on.'),
    );
    process.exit(0);
  };
  const stop = (): void => {
    tell(info('Stopping: what is under way is finished first. Ctrl-C again: at once.'));
    synchronizer.stop();
    setTimeout(leave, PATIENCE).unref();
  };
  stopping.addEventListener('abort', stop, { once: true });
  if (stopping.aborted) stop();
  await synchronizer.run();
}

const diskRefusal = (error: DiskError, { directory, file }: Located): Refused =>
  new Refused(
    `The directory ${directory} cannot be used (${error.message}). ` +
      `Put that right, or name another sync_directory in ${file}.`,
    { cause: error },
  );

function serverRefusal(failure: ApiFailure, { server, config, file }: Located): Refused {
  const said = `The server at ${server} refuses this client: ${failure.message}`;
  const isKey = failure.code === 'unauthorized' || failure.code === 'forbidden';
  const key =
    config.api_key === null ? 'There is no api_key' : 'The server does not take the api_key';
  const wayOut = isKey
    ? ` ${key} in ${file}: ask whoever runs the server for one, and put it there.`
    : '';
  return new Refused(said + wayOut, { cause: failure });
}
