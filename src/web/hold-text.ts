import type { ClientHold, Verb } from '../protocol/held.ts';
import { countOf } from './format.ts';

/** One mass that a person is asked about; the same may be held by several clients. */
export interface Asking {
  readonly id: string;
  readonly hold: ClientHold;
  readonly clients: readonly ClientHold[];
}

/** The id is of exactly what is held, so clients that hold the same are asked about together. */
export function askingsOf(held: readonly ClientHold[]): Asking[] {
  const sorted = held.toSorted((a, b) => a.client_name.localeCompare(b.client_name));
  const byId = Map.groupBy(sorted, ({ id }) => id);
  return [...byId].flatMap(([id, clients]) => {
    const [hold] = clients;
    return hold === undefined ? [] : [{ id, hold, clients }];
  });
}

const NAMES = new Intl.ListFormat('en', { type: 'conjunction' });

const namesOf = (clients: readonly ClientHold[]): string =>
  NAMES.format(clients.map(({ client_name: name }) => name));

export interface AskingText {
  /** `30 files were deleted on Ben`. */
  readonly what: string;
  /** Where they are as they were. */
  readonly still: string;
  /** What either word does. */
  readonly effects: Readonly<Record<Verb, string>>;
}

/** What is asked, in words for who did not do it. */
export function askingText({ hold, clients }: Asking): AskingText {
  const names = namesOf(clients);
  const [has, gets, its] = clients.length === 1 ? ['has', 'gets', 'its'] : ['have', 'get', 'their'];
  const many = countOf(hold.files, 'file');
  const were = hold.files === 1 ? 'was' : 'were';
  const outgoing = hold.direction === 'outgoing';
  const there = outgoing ? `on ${names}` : 'on the server';
  if (hold.deed === 'delete') {
    return {
      what: `${many} ${were} deleted ${there}`,
      still: outgoing ? 'Everybody else has them still.' : `${names} ${has} them still.`,
      effects: outgoing
        ? {
            approve: 'They are deleted for everybody. The trash keeps them.',
            undo: `${names} ${gets} them back.`,
          }
        : {
            approve: `They are deleted on ${names} too, and go to ${its} trash.`,
            undo: `They go from ${names} back to the server, and so to everybody.`,
          },
    };
  }
  return {
    what: `${many} ${were} given other contents ${there}`,
    still: outgoing
      ? 'Everybody else has the old contents still.'
      : `${names} ${has} the old contents still.`,
    effects: outgoing
      ? {
          approve: 'Everybody gets the new contents. The history keeps the old ones.',
          undo: `${names} ${gets} the old contents back. The new ones go to ${its} trash.`,
        }
      : {
          approve: `${names} ${gets} the new contents. The old ones go to ${its} trash.`,
          undo: `The old contents go from ${names} back to the server, and so to everybody.`,
        },
  };
}

const SAID: Readonly<Record<Verb, string>> = {
  approve: 'it may happen',
  undo: 'it is to be undone',
};

/** What became of words that were given and are not taken yet; undefined: none was. */
export function waitingText({ clients }: Asking): string | undefined {
  const waiting = clients.filter(({ word }) => word !== null);
  const [first] = waiting;
  if (first === undefined || first.word === null) return undefined;
  const away = waiting.filter(({ is_online: isOnline }) => !isOnline);
  const said = `Somebody said that ${SAID[first.word]}.`;
  if (away.length === 0) return `${said} ${namesOf(waiting)} ${are(waiting)} about to do so.`;
  return `${said} ${namesOf(away)} ${are(away)} not connected: it is done when that changes.`;
}

const are = (clients: readonly ClientHold[]): string => (clients.length === 1 ? 'is' : 'are');
