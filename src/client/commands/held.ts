import type { Verb } from '../../protocol/held.ts';
import { readConfig } from '../config.ts';
import { printable } from '../printable.ts';
import { Refused } from '../refused.ts';
import { choices, holdText, type ShownHold } from '../show-hold.ts';
import { type StateHome, stateHome } from '../state-home.ts';
import { isRunning, readStatus } from '../status-file.ts';
import { isWordLeft, writeWord } from '../word-file.ts';

export interface HeldOptions {
  readonly config: string;
  readonly json: boolean;
}

export interface WordOptions extends HeldOptions {
  readonly verb: Verb;
  /** Of one hold; undefined: all that are held. */
  readonly id: string | undefined;
}

/** Lists what waits for a person's word, as the client last saw it. */
export function held({ config, json }: HeldOptions): number {
  const holds = heldIn(stateHome(readConfig(config).directory));
  process.stdout.write(json ? `${JSON.stringify(holds, null, 2)}\n` : textOf(holds));
  return 0;
}

/** Gives the word; a client that runs takes it up at once, else the next one that starts. */
export async function giveWord({ config, json, verb, id }: WordOptions): Promise<number> {
  const home = stateHome(readConfig(config).directory);
  const meant = heldIn(home).filter((hold) => id === undefined || hold.id === id);
  if (id !== undefined && meant.length === 0) throw notHeld(id);
  if (meant.length > 0)
    writeWord(home.word, Object.fromEntries(meant.map((one) => [one.id, verb])));
  const taken = meant.length === 0 ? 'nothing' : await waitUntilTaken(home);
  if (taken === 'taken' && isAskedAnew(meant, home)) throw changedMeanwhile();
  process.stdout.write(
    json ? `${JSON.stringify({ verb, holds: meant, taken }, null, 2)}\n` : said(verb, meant, taken),
  );
  return 0;
}

const heldIn = (home: StateHome): readonly ShownHold[] => readStatus(home.status)?.held ?? [];

const notHeld = (id: string): Refused =>
  new Refused(
    `Nothing of the id ${id} is held. What is held gets another id when it changes; syncer-client held lists it.`,
  );

const changedMeanwhile = (): Refused =>
  new Refused(
    'What is held changed since you were shown it, so nothing was done. Look again: syncer-client held',
  );

/** A round may be long; it is not waited for longer than this, in milliseconds. */
const PATIENCE = { longest: 10_000, look: 50 };

type Taken = 'taken' | 'later' | 'next_start' | 'nothing';

async function waitUntilTaken(home: StateHome): Promise<Taken> {
  const left = readStatus(home.status);
  if (left === undefined || !isRunning(left, Date.now())) return 'next_start';
  for (let waited = 0; waited < PATIENCE.longest; waited += PATIENCE.look) {
    if (!isWordLeft(home.word)) return 'taken';
    await new Promise((resolve) => setTimeout(resolve, PATIENCE.look));
  }
  return 'later';
}

/** The same sort is still held, so the word was not for what there is. */
const isAskedAnew = (meant: readonly ShownHold[], home: StateHome): boolean =>
  heldIn(home).some((now) =>
    meant.some(({ direction, deed }) => direction === now.direction && deed === now.deed),
  );

const WHEN: Record<Exclude<Taken, 'nothing'>, string> = {
  taken: 'The client goes on with it.',
  later: 'The client is at work, and takes it up when it can.',
  next_start: 'No client is running: the next one that starts takes it up.',
};

function said(verb: Verb, meant: readonly ShownHold[], taken: Taken): string {
  if (taken === 'nothing') return 'Nothing is held.\n';
  const lines = meant.map((hold) => `${holdText(hold)} ${sentence(choices(hold)[verb])}`);
  return `${[...lines, WHEN[taken]].map(printable).join('\n')}\n`;
}

const sentence = (text: string): string => `You want to ${text}.`;

function textOf(holds: readonly ShownHold[]): string {
  if (holds.length === 0) return 'Nothing is held.\n';
  return `${holds.flatMap((hold) => [...linesOf(hold), '']).join('\n')}`;
}

function linesOf(hold: ShownHold): string[] {
  const { id, files, examples } = hold;
  const more = files - examples.length;
  const { approve, undo } = choices(hold);
  return [
    holdText(hold),
    ...examples.map((path) => `  ${printable(path)}`),
    ...(more > 0 ? [`  and ${more.toLocaleString('en')} more`] : []),
    `syncer-client approve ${id}   to ${approve}`,
    `syncer-client undo ${id}      to ${undo}`,
  ];
}
