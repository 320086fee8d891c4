import type { Metrics } from '../metrics.ts';
import type { Clock } from '../ports.ts';
import type { Connection, Member, Reached } from './connection.ts';
import { Presence } from './presence.ts';

/** Of the range that is left to programs: another connection of this client took the place. */
const REPLACED = 4000;

interface Client {
  readonly clientId: string;
  readonly name: string;
}

/** Who is connected. */
export class Roster {
  readonly #presence: Presence;
  readonly #open = new Set<Connection>();
  readonly #members = new Map<string, Connection>();
  /** How many came so far. */
  #arrivals = 0;
  /** Of clients that registered: how many had come by then. All of those know of it. */
  readonly #registered = new Map<string, number>();

  constructor(parts: { readonly clock: Clock; readonly metrics: Metrics }) {
    this.#presence = new Presence({ ...parts, members: this.#members });
  }

  /** Those too that have not said who they are. */
  get open(): ReadonlySet<Connection> {
    return this.#open;
  }

  /** How many were let in. */
  get size(): number {
    return this.#members.size;
  }

  /** How far a client is; undefined: it is not here, or keeps no directory. */
  reached(clientId: string): Reached | undefined {
    return this.#members.get(clientId)?.reached;
  }

  isOnline(clientId: string): boolean {
    return this.#members.has(clientId);
  }

  /** The connection of a client that was let in. */
  member(clientId: string): Connection | undefined {
    return this.#members.get(clientId);
  }

  isMember(connection: Connection): boolean {
    return this.#members.get(connection.clientId) === connection;
  }

  /** Everybody who was let in, but for one client. */
  *others(clientId: string | undefined): Iterable<readonly [Connection, Member]> {
    for (const connection of this.#members.values()) {
      const { member } = connection;
      if (member !== undefined && connection.clientId !== clientId) yield [connection, member];
    }
  }

  enter(connection: Connection): void {
    this.#open.add(connection);
  }

  /** It is let in. An older connection of the same client ends: it may be a dead one that nobody closed. */
  join(connection: Connection, member: Member): void {
    const { clientId } = connection;
    const older = this.#members.get(clientId);
    connection.member = member;
    this.#members.set(clientId, connection);
    const isKnown = older !== undefined || this.#registered.get(clientId) === this.#arrivals;
    if (!isKnown) this.#presence.tell('client_joined', { clientId, name: member.name });
    this.#presence.welcome(connection);
    this.#registered.delete(clientId);
    this.#arrivals += 1;
    older?.close(REPLACED, 'replaced by a newer connection');
  }

  leave(connection: Connection): void {
    const { clientId, member } = connection;
    this.#open.delete(connection);
    if (!this.isMember(connection) || member === undefined) return;
    this.#members.delete(clientId);
    this.#presence.tell('client_left', { clientId, name: member.name });
  }

  /** A client registered: the others are told at once, and not again when it connects. */
  register(client: Client): void {
    this.#presence.tell('client_joined', client);
    if (this.#registered.size > 10_000) this.#registered.clear();
    this.#registered.set(client.clientId, this.#arrivals);
  }

  /** From now on nobody is told who comes and goes: all of them go. */
  stop(): void {
    this.#presence.stop();
  }
}
