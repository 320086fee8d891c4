import type { Hold, Verbs } from '../../src/client/breaker.ts';
import { bytesOf } from '../../src/client/disk/memory/inode.ts';
import type { Limits } from '../../src/core/danger.ts';
import type { Verb } from '../../src/protocol/held.ts';
import type { Client } from './client.ts';
import { Dice, mix } from './dice.ts';
import type { Ledger } from './ledger.ts';
import type { Scheduler } from './scheduler.ts';
import { inodeAt, visibleTree, whatIs } from './tree-view.ts';

/** From how many files on a seed's people are asked: trees are small here. */
export function lowLimits(seed: number): Limits {
  const dice = new Dice(mix(seed, 9));
  const limit = () =>
    dice.pick([
      { over: 1000, share: 0.5, least: 2, all: 2 },
      { over: 2, share: 0.5, least: 2, all: 1 },
      { over: 1, share: 1, least: 1000, all: 1000 },
    ]);
  const both = { delete: limit(), overwrite: limit() };
  return dice.chance(0.3) ? { delete: both.delete } : both;
}

export interface WordParts {
  readonly clients: readonly Client[];
  readonly ledger: Ledger;
  readonly scheduler: Scheduler;
  readonly dice: Dice;
  readonly met: (what: string) => void;
}

/** Somebody who is asked about a mass says yes or no after a while; to what is held by then, or what was when it was read. */
export function answerSometime(parts: WordParts, client: Client): void {
  const { dice, scheduler } = parts;
  for (const hold of client.process?.synchronizer.session.breaker.holds ?? [])
    client.shown.set(hold.id, hold);
  if (client.isAnswering) return;
  client.isAnswering = true;
  const isReadEarly = dice.chance(0.3);
  const read = idsShown(client);
  const verbs = (ids: readonly string[]): Verbs =>
    Object.fromEntries(ids.map((id) => [id, dice.pick<Verb>(['approve', 'undo'])]));
  scheduler.in(dice.pick([100, 3_000, 30_000, 400_000]), () => {
    client.isAnswering = false;
    const ids = isReadEarly ? read : idsShown(client);
    if (ids.length > 0) giveWord(parts, client, verbs(ids));
    // Who ended meanwhile, or was told too late, asks again; and so does a person look again.
    scheduler.in(60_000, () => {
      if (idsShown(client).length > 0) answerSometime(parts, client);
    });
  });
}

function idsShown({ process }: Client): string[] {
  const { condition } = process?.synchronizer ?? {};
  return condition?.type === 'asking' ? condition.holds.map(({ id }) => id) : [];
}

function giveWord(parts: WordParts, client: Client, verbs: Verbs): void {
  const { synchronizer } = client.process ?? {};
  if (synchronizer === undefined) return;
  // Before it is heeded: who ends right after that is told nothing.
  for (const [id, verb] of Object.entries(verbs)) {
    const hold = client.shown.get(id);
    if (verb === 'undo' && hold !== undefined) giveUp(parts, client, hold);
    if (verb === 'approve' && hold !== undefined) remove(parts, hold);
  }
  const heeded = (holds: readonly Hold[]): void => {
    if (holds.length === 0) parts.met('held: nothing that was meant');
    for (const hold of holds) {
      parts.met(`held ${hold.direction} ${hold.deed}: ${verbs[hold.id]}`);
      if (verbs[hold.id] === 'undo') takeBack(parts, client, hold);
    }
  };
  parts.scheduler.note(`${client.name} is told ${JSON.stringify(verbs)}`);
  synchronizer.giveWord({ verbs, heeded });
}

/** Who undoes an overwrite gives up what it would have brought: where that is a merge, what the other side put into it. */
function giveUp({ clients, ledger }: WordParts, client: Client, hold: Hold): void {
  const { state } = client.process ?? {};
  if (hold.deed !== 'overwrite' || state === undefined) return;
  const writer = hold.direction === 'incoming' ? state.remote : state.local;
  for (const { node, made } of hold.losses) {
    const wrote = writer.get(node);
    const contents = [made, ...(wrote?.kind === 'file' ? [wrote.checksum] : [])];
    for (const content of contents) ledger.gaveUp(content, textOf(clients, content));
  }
}

/** Who lets a deletion happen means it, also where the power took an earlier word that wanted everything back. */
function remove({ clients, ledger }: WordParts, hold: Hold): void {
  if (hold.deed !== 'delete' || hold.direction !== 'outgoing') return;
  for (const { lost } of hold.losses) ledger.removed(lost, textOf(clients, lost));
}

/** Who undoes a deletion wants everything back that was to go, as far as nobody else has done something else with it. */
function takeBack({ clients, ledger }: WordParts, client: Client, hold: Hold): void {
  if (hold.deed !== 'delete') return;
  const holders =
    hold.direction === 'incoming' ? [client] : clients.filter((one) => one !== client);
  const seen = holders.map(({ volume }) => new Set(visibleTree(volume).values()));
  for (const { lost } of hold.losses)
    if (seen.every((contents) => contents.has(lost))) ledger.tookBack(lost);
}

function textOf(clients: readonly Client[], checksum: string): string {
  for (const { volume } of clients) {
    for (const path of visibleTree(volume).keys()) {
      const inode = inodeAt(volume, path);
      if (inode?.kind === 'file' && whatIs(inode) === checksum) return bytesOf(inode).toString();
    }
  }
  return '';
}
