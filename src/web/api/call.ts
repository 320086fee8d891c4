import { addressOf } from './address.ts';
import { ApiError, errorFrom, unreachable } from './api-error.ts';
import { ownId } from './own-id.ts';
import { type Answer, type Asked, type Given, PATHS } from './paths.ts';
import { currentKey } from './session.ts';

/**
 * Asks a route. Throws ApiError. A server that does not know this browser (any more) is told who it is, and asked once
 * more.
 */
export async function call<K extends Asked>(
  route: K,
  given: Given<K>,
  signal?: AbortSignal,
): Promise<Answer<K>> {
  try {
    return await ask(route, given, signal);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'not_registered') throw error;
    await register();
    return await ask(route, given, signal);
  }
}

/** Makes this browser known to the server, which takes changes only from those that it knows. */
export const register = (): Promise<Answer<'register'>> =>
  ask('register', { body: { client_id: ownId(), name: 'Browser', sync_root: 'browser' } });

interface Parts {
  readonly params?: object;
  readonly query?: object;
  readonly body?: object;
}

async function ask<K extends Asked>(
  route: K,
  given: Given<K>,
  signal?: AbortSignal,
): Promise<Answer<K>> {
  const [method, path] = PATHS[route];
  const { params, query, body } = given as Parts;
  const address = addressOf(path, { ...(params && { params }), ...(query && { query }) });
  const answer = await send(address, {
    method,
    headers: { ...keyHeaders(), ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  });
  return (await answer.json()) as Answer<K>;
}

/** Fetches any address of the server with the key; throws ApiError. */
export async function send(address: string, init: RequestInit = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(address, init);
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw unreachable();
  }
  if (!answer.ok) throw errorFrom(answer.status, await answer.text());
  return answer;
}

export function keyHeaders(): Record<string, string> {
  const key = currentKey();
  return {
    'x-client-id': ownId(),
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
  };
}
