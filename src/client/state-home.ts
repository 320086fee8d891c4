import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { ignorePatterns } from '../core/ignore.ts';
import type { Located } from './config.ts';
import { Refused } from './refused.ts';

/** Where a client keeps what it remembers; never inside the synchronized directory. */
export interface StateHome {
  readonly folder: string;
  readonly state: string;
  readonly status: string;
  readonly log: string;
  /** What a person said of what is held, until it is heeded. */
  readonly word: string;
  /** Who waits for the client to look at everything: a file for each. */
  readonly asks: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * One folder for each synchronized directory, named after the directory's absolute path: in
 * `SYNCER_STATE_HOME`, else `$XDG_STATE_HOME/syncer`, else `~/.local/state/syncer`.
 */
export function stateHome(directory: string, environment: Environment = process.env): StateHome {
  const name = createHash('sha256').update(directory).digest('hex').slice(0, 16);
  const folder = join(baseOf(environment), name);
  return {
    folder,
    state: join(folder, 'state.sqlite'),
    status: join(folder, 'status.json'),
    log: join(folder, 'client.log'),
    word: join(folder, 'word.json'),
    asks: join(folder, 'asks'),
  };
}

function baseOf({ SYNCER_STATE_HOME: own, XDG_STATE_HOME: xdg }: Environment): string {
  if (own !== undefined && own !== '') return resolve(own);
  // The specification has relative paths ignored.
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, 'syncer');
  return join(homedir(), '.local', 'state', 'syncer');
}

/** Refuses a state that would be synchronized itself: it would change with each change, for ever. */
export function mustLieOutside({ directory, config }: Located, { folder }: StateHome): void {
  const way = relative(directory, folder);
  const isOutside = way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
  if (isOutside || ignorePatterns(config.ignore_patterns).ignores(way.split(sep), true)) return;
  throw new Refused(
    `The client would keep its state in ${folder}, which lies in the synchronized directory ${directory}. ` +
      `Set SYNCER_STATE_HOME to a directory elsewhere, or add "/${way.split(sep).join('/')}" to ignore_patterns.`,
  );
}
