import type { Deed, Direction, Loss } from '../core/danger.ts';
import { type NodeId, withContent } from '../core/entry.ts';
import type { Verb } from '../protocol/held.ts';
import type { Hold } from './breaker.ts';
import { type Decision, decide } from './decide.ts';
import { wordOf } from './find-holds.ts';
import type { ClientState, Note } from './ports.ts';
import type { Session } from './session.ts';

/**
 * Takes a person's word on what is held (rule S16), if what is held is what was shown; else it is held
 * on. To approve is recorded node by node, and spent when it is done. To undo needs no plan: what was
 * agreed is recorded as if the other side had acted, so that the next decision turns round.
 */
export function heed(session: Session, decision: Decision): Decision {
  const { breaker, state } = session;
  const { word } = breaker;
  if (word === undefined) return decision;
  const meant = decision.holds.filter(({ id }) => word.verbs[id] !== undefined);
  const notes = meant.flatMap((hold) => NOTES[word.verbs[hold.id] ?? 'undo'](hold, state));
  if (notes.length > 0) state.record(notes);
  breaker.word = undefined;
  const next = notes.length > 0 ? decide(session) : decision;
  word.heeded(meant);
  return next;
}

/** Gives one word on all that was held in the last round; the next one heeds it. */
export function giveWord({ breaker }: Session, verb: Verb): void {
  const verbs = Object.fromEntries(breaker.holds.map(({ id }) => [id, verb]));
  breaker.word = { verbs, heeded: () => {} };
}

const NOTES: Record<Verb, (hold: Hold, state: ClientState) => Note[]> = {
  approve: ({ losses }) => losses.map((loss) => allow(loss)),
  undo: ({ direction, deed, losses, along }, state) => {
    const nodes = [...losses.map(({ node }) => node), ...along];
    const turned = losses.map((loss) => turn(loss)).filter(({ deed }) => deed === 'overwrite');
    return [...nodes.flatMap(UNDO[direction][deed](state)), ...turned.map((loss) => allow(loss))];
  },
};

const allow = (loss: Loss): Note => ({ type: 'allowed', node: loss.node, what: wordOf(loss) });

/** To undo an overwrite is an overwrite the other way, which nobody need be asked about again. */
const turn = ({ direction, lost, made, ...same }: Loss): Loss => ({
  ...same,
  direction: direction === 'incoming' ? 'outgoing' : 'incoming',
  lost: made,
  made: lost,
});

type Undo = (state: ClientState) => (node: NodeId) => Note[];

/**
 * New to both: what is on one side only is brought to the other. So is what was overwritten by a new file
 * at its path, which then keeps the path or goes beside it.
 */
const forget: Undo = () => (node) => [{ type: 'synced', node, entry: undefined }];

const UNDO: Record<Direction, Record<Deed, Undo>> = {
  incoming: {
    delete: forget,
    /** As if the server's content had been agreed on, and this disk's were an edit of it. */
    overwrite: (state) => (node) => {
      const [synced, remote] = [state.synced.get(node), state.remote.get(node)];
      if (synced === undefined || remote === undefined) return forget(state)(node);
      const { contentVersion, author } = remote;
      const entry = { ...synced, ...withContent(synced, remote), contentVersion, author };
      return [{ type: 'synced', node, entry }];
    },
  },
  outgoing: {
    delete: forget,
    /** As if this disk's content had been agreed on, and the server's were newer than that. */
    overwrite: (state) => (node) => {
      const [synced, local] = [state.synced.get(node), state.local.get(node)];
      if (synced === undefined || local === undefined) return forget(state)(node);
      const entry = { ...synced, ...withContent(synced, local), contentVersion: NO_VERSION };
      return [{ type: 'synced', node, entry }];
    },
  },
};

/** The server counts from 1. */
const NO_VERSION = 0;
