import type { Chunk } from '../../core/chunk.ts';
import { ignorePatterns } from '../../core/ignore.ts';
import {
  apiOptions,
  type Implementations,
  type StateCopy,
  serverOptions,
  settingsOf,
} from '../assemble.ts';
import { RootInDanger } from '../check-root.ts';
import { systemClock } from '../clock.ts';
import { type Located, readConfig } from '../config.ts';
import { newId } from '../new-id.ts';
import { askingApi } from '../plan/asking-api.ts';
import { type Plan, planRound } from '../plan/plan.ts';
import { untouchedDisk } from '../plan/untouched-disk.ts';
import { DiskError, type DiskFeatures } from '../ports.ts';
import { Refused } from '../refused.ts';
import { openSession } from '../session.ts';
import { StateDamaged, StateTooNew } from '../state/failures.ts';
import { stateHome } from '../state-home.ts';
import { jsonOf, planText } from './plan-text.ts';
import { askServer } from './server-refusal.ts';
import { onStopSignal } from './stop-signals.ts';

export interface PlanOptions {
  readonly config: string;
  readonly json: boolean;
}

/**
 * Shows what a round would do, and does nothing: nothing is written to the directory, the state or the server. It
 * works on a copy of the state, which goes with the end of the process, however that ends.
 */
export async function plan(
  implementations: Implementations,
  { config, json }: PlanOptions,
): Promise<number> {
  // The copy is removed on the way out.
  onStopSignal(() => process.exit(130));
  const located = readConfig(config);
  const copy = await copyOf(implementations, located);
  try {
    const found = await planWith(implementations, located, copy);
    process.stdout.write(
      json ? `${JSON.stringify(jsonOf(found), null, 2)}\n` : await planText(found, located),
    );
    return 0;
  } finally {
    copy.discard();
  }
}

async function copyOf({ copyState }: Implementations, { directory }: Located): Promise<StateCopy> {
  try {
    return await copyState(stateHome(directory).state);
  } catch (error) {
    if (error instanceof StateTooNew) throw new Refused(`${error.message} Use that version.`);
    if (!(error instanceof StateDamaged)) throw error;
    throw new Refused(
      `${error.message} The next start sets it aside and begins anew: nothing is deleted on either side, equal files are united.`,
      { cause: error },
    );
  }
}

async function planWith(
  implementations: Implementations,
  located: Located,
  { state }: StateCopy,
): Promise<Plan> {
  const { directory, config } = located;
  const notes: string[] = [];
  const chunks = new Map<string, Chunk>();
  // In nobody's name; and to read the state for one would leave files beside it.
  const nobody = { ...serverOptions(located), clientId: undefined };
  const folder = await implementations.openFolder(nobody);
  const real = await implementations.openDisk({ root: directory, now: systemClock.now });
  const { disk, wouldBind, wouldMake } = untouchedDisk(real, usualFeatures());
  const api = await implementations.openApi(apiOptions(located, state));
  const session = openSession(
    { disk, state, newId, clock: systemClock, api: askingApi({ api, folder, chunks }) },
    {
      settings: settingsOf(located),
      ignore: ignorePatterns(config.ignore_patterns),
      listener: { happened: () => {}, progressed: () => {}, warned: (text) => notes.push(text) },
      alsoDirty: (where) => where,
      ignoreChanged: () => {},
    },
  );
  const planned = await orRefused(located, () => planRound(session, { folder, chunks, notes }));
  if (wouldMake()) notes.unshift(`The directory ${directory} is not there, and is made.`);
  else if (wouldBind() !== undefined) notes.unshift(FIRST);
  return { ...planned, notes };
}

const FIRST =
  'This client has not synchronized this directory before: it is marked as its own (.syncer), and what is equal here and on the server is united.';

/** To try them out is to write; where they differ, a round may find a few names that it cannot have. */
const usualFeatures = (): DiskFeatures => ({
  caseSensitive: process.platform !== 'darwin' && process.platform !== 'win32',
  symlinks: process.platform !== 'win32',
  executableBit: process.platform !== 'win32',
});

async function orRefused(located: Located, step: () => Promise<Plan>): Promise<Plan> {
  try {
    return await askServer(located, step);
  } catch (error) {
    if (error instanceof RootInDanger)
      throw new Refused(`A round would not begin: ${error.message}`, { cause: error });
    if (!(error instanceof DiskError)) throw error;
    throw new Refused(
      `A round would not begin: ${located.directory} cannot be looked at (${error.message}).`,
      { cause: error },
    );
  }
}
