import { QueryClient } from '@tanstack/react-query';
import { expect, it } from 'vitest';
import { followChanges } from './follow-changes.ts';

const LATER = 700;
const welcome = (cursor: number) =>
  ({
    type: 'client_connect',
    data: { success: true, message: '', server_time: '2026-11-26T12:00:00Z', cursor },
  }) as const;
const change = {
  type: 'file_changed',
  data: { operation: 'update', file_path: 'a', client_id: 'b' },
} as const;

/** Which of what was asked is not true any longer, once the messages came. */
async function staleAfter(...messages: Parameters<ReturnType<typeof followChanges>>[0][]) {
  const client = new QueryClient();
  client.setQueryData(['listing', ''], { cursor: 7, children: [], isWhole: true });
  client.setQueryData(['clients'], { clients: [] });
  client.setQueryData(['held'], { held: [] });
  client.setQueryData(['text', 'of a content'], { text: 'x' });
  const take = followChanges(client);
  for (const message of messages) take(message);
  await new Promise((resolve) => setTimeout(resolve, LATER));
  const all = client.getQueryCache().getAll();
  return all.filter(({ state }) => state.isInvalidated).map(({ queryKey }) => queryKey[0]);
}

it('a change makes what is listed untrue, and contents never', async () => {
  expect(await staleAfter(change)).toEqual(['listing']);
});

it('after a connection only what is older than it is asked for again', async () => {
  expect(await staleAfter(welcome(7))).toEqual(['clients', 'held']);
  expect(await staleAfter(welcome(8))).toEqual(['listing', 'clients', 'held']);
});

it('a change that comes with it counts', async () => {
  expect(await staleAfter(welcome(7), change)).toEqual(['listing', 'clients', 'held']);
});

it('what is held is asked for again when a client says so, and when one comes or goes', async () => {
  expect(await staleAfter({ type: 'held', data: {} })).toEqual(['held']);
  const gone = { type: 'client_left', data: { client_id: 'b', name: 'Ben' } } as const;
  expect(await staleAfter(gone)).toEqual(['clients', 'held']);
});
