import type { Client } from './client.ts';

/** A machine, and another that began as a copy of it, under the same id. */
export interface Copied {
  readonly original: Client;
  readonly copy: Client;
  /** Of the state that both had. */
  readonly instance: string;
}

const idOf = ({ process }: Client): string => process?.state.standing.clientId ?? 'none';

/** Of two under one id, one takes another as soon as the server has heard of both (rule S20). */
export function sharedIds(clients: readonly Client[]): string[] {
  const ids = clients.map(idOf);
  const shared = new Set(ids.filter((id, at) => ids.indexOf(id) !== at));
  return [...shared].map((id) => `several clients have the id ${id}`);
}

/** One of the two had to take another id, and said so; unless one was started with another state since. */
export function untold(copies: readonly Copied[]): string[] {
  return copies.flatMap(({ original, copy, instance }) => {
    const both = [original, copy];
    if (both.some(({ state }) => state.instance !== instance)) return [];
    const isTold = both.some(({ warnings }) => warnings.some((text) => /^A copy of/.test(text)));
    return isTold ? [] : [`nobody was told that ${copy.name} is a copy of ${original.name}`];
  });
}
