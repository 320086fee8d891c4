import type { Chunk } from '../../core/chunk.ts';
import { difference } from '../../core/difference.ts';
import { pathOf } from '../../core/tree.ts';
import { checkRoot } from '../check-root.ts';
import { type Decision, decide } from '../decide.ts';
import { dropSecondNames } from '../drop-second-names.ts';
import type { FolderApi } from '../folder-api.ts';
import { mergeContents } from '../merge-contents.ts';
import { offerable } from '../offerable.ts';
import type { Path } from '../ports.ts';
import type { Problem } from '../problem.ts';
import { pull } from '../pull.ts';
import { readIgnore } from '../read-ignore.ts';
import { scan } from '../scan.ts';
import type { Session } from '../session.ts';
import { type ShownHold, showHold } from '../show-hold.ts';
import { unite } from '../unite.ts';
import { fetchContested } from './fetch-contested.ts';
import { keepLifted } from './keep-lifted.ts';
import { type PlannedStep, plannedHere, plannedThere } from './planned-step.ts';

/** What a round would do. Paths are from the directory down, with `/`. */
export interface Plan {
  /** On this disk. */
  readonly here: readonly PlannedStep[];
  /** What would be offered to the server. */
  readonly server: readonly PlannedStep[];
  /** What the round would leave for later: it is held, or somebody still writes to it. */
  readonly waiting: readonly string[];
  readonly holds: readonly ShownHold[];
  readonly problems: readonly Problem[];
  /** Sentences about what would happen beside that. */
  readonly notes: readonly string[];
}

export interface Planning {
  readonly folder: Pick<FolderApi, 'content'>;
  /** Filled here; where the session's server finds what the merges need. */
  readonly chunks: Map<string, Chunk>;
  readonly notes: string[];
}

/**
 * The observing and deciding steps of a round, in its order (`sync.ts`), and then a list in the place of the rest. The
 * session's state is a copy, its disk is only looked at and its server only asked; what a round does to the disk
 * before it has decided is told as a note, and taken as done. Throws as a round does.
 */
export async function planRound(session: Session, planning: Planning): Promise<Plan> {
  const { notes, folder, chunks } = planning;
  await checkRoot(session);
  // What is recorded of this look is thrown away: nothing has to be durable for it.
  session.durable = Promise.resolve();
  await readIgnore(session);
  let unsettled: readonly Path[] = [];
  const lifted = await keepLifted(session, async () => {
    ({ unsettled } = await scan(session, 'everything'));
  });
  await pull(session);
  await dropSecondNames(trashing(session, notes));
  await fetchContested(session, folder, chunks);
  const unsure = await mergeContents(session);
  unite(session);
  const decision = decide(session);
  notes.push(...lifted.map((path) => `${path} was out of its place, and is put back first.`));
  if (session.wanted.told > 0) notes.push(WANTED);
  return planOf(session, decision, [...unsettled, ...unsure]);
}

const WANTED = 'The server lacks something that rotted; as far as it is here, it is sent back.';

/** What would go into the trash is said; all else stays refused. */
const trashing = (session: Session, notes: string[]): Session => ({
  ...session,
  disk: {
    ...session.disk,
    trash: async (path) =>
      void notes.push(`${path.join('/')} is a second name of a file that moved, and goes.`),
  },
});

function planOf(session: Session, decision: Decision, unsure: readonly Path[]): Plan {
  const { withheld, remote, target, nodes, steps, holds } = decision;
  const isFree = ({ node }: { readonly node: string }): boolean => !withheld.has(node);
  const here = plannedHere(session, decision, steps.filter(isFree));
  const all = difference(remote, target, nodes);
  const open = offerable(session, { steps: all, held: withheld, remote, target });
  const waiting = [...withheld].map((node) => pathIn(session, decision, node));
  const unsettled = unsure.map((path) => `${path.join('/') || '.'} (somebody writes to it)`);
  return {
    here,
    server: plannedThere(session, decision, open),
    waiting: [...new Set([...waiting, ...unsettled])].sort(),
    holds: holds.map((hold) => showHold(session, hold)),
    problems: session.problems.all(),
    notes: [],
  };
}

const pathIn = ({ state }: Session, { target }: Decision, node: string): string =>
  (pathOf(target, node) ?? pathOf(state.local, node) ?? pathOf(state.remote, node) ?? [node]).join(
    '/',
  );
