import type { Entry, NodeId } from '../../core/entry.ts';
import { nodeAt } from '../../core/tree.ts';
import type { Implementations } from '../assemble.ts';
import type { Path } from '../ports.ts';
import { Refused } from '../refused.ts';
import { holdText, type ShownHold } from '../show-hold.ts';
import type { Held } from '../standing-of.ts';
import { StateDamaged, StateTooNew } from '../state/failures.ts';
import type { StateHome } from '../state-home.ts';
import { isRunning, type LiveStatus, readStatus } from '../status-file.ts';

interface Asked {
  readonly path: Path;
  /** That is, or was last, at the path on the server. */
  readonly node: NodeId | undefined;
}

export interface ClientView {
  /** What client and server agreed on last; undefined: nothing. */
  readonly agreed: Held | undefined;
  /** Problems and holds of it, and whether anything moves at all. */
  readonly sentences: readonly string[];
}

/** What this client has to do with a path: from what it remembers, and from what it last said of itself. */
export async function explainClient(
  implementations: Implementations,
  home: StateHome,
  asked: Asked,
): Promise<ClientView> {
  const agreed = await agreedOn(implementations, home, asked);
  const left = readStatus(home.status);
  const path = asked.path.join('/');
  const isAlive = left !== undefined && isRunning(left, Date.now());
  return {
    agreed,
    sentences: [
      ...(isAlive ? problemsOf(left, path) : []),
      ...(left?.held ?? []).flatMap((hold) => heldText(hold, path)),
      ...(isAlive ? troubleOf(left) : ['No client is running here (syncer-client start).']),
    ],
  };
}

async function agreedOn(
  { readState }: Implementations,
  { state: file }: StateHome,
  { path, node }: Asked,
): Promise<Held | undefined> {
  try {
    const state = await readState(file);
    if (state === undefined) return undefined;
    try {
      const known = node ?? nodeAt(state.synced, path);
      return known === undefined ? undefined : heldIn(state.synced.get(known));
    } finally {
      state.close();
    }
  } catch (error) {
    if (error instanceof StateTooNew) throw new Refused(`${error.message} Use that version.`);
    if (error instanceof StateDamaged) return undefined;
    throw error;
  }
}

const heldIn = (entry: Entry | undefined): Held | undefined =>
  entry?.kind === 'file' ? entry.checksum : entry?.kind;

/** Of the path itself, or of a directory above it. */
const problemsOf = ({ problems }: LiveStatus, path: string): string[] =>
  problems
    .filter((problem) => problem.path === path || path.startsWith(`${problem.path}/`))
    .map((problem) => {
      const what = problem.path === path ? '' : ` (${problem.path}, which it is in)`;
      return `The client has a problem with it${what}: ${problem.message}`;
    });

/** A hold is shown with some of its files only. */
function heldText(hold: ShownHold, path: string): string[] {
  const { examples, files } = hold;
  if (examples.includes(path))
    return [`It waits for your word (syncer-client held): ${holdText(hold)}`];
  if (files <= examples.length) return [];
  return [
    `Something waits for your word, and it may be among that (syncer-client held): ${holdText(hold)}`,
  ];
}

function troubleOf({ condition }: LiveStatus): string[] {
  if (condition.type !== 'offline' && condition.type !== 'halted') return [];
  return [`The client is ${condition.type}: ${condition.reason}`];
}
