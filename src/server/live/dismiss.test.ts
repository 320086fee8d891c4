import { afterEach, expect, it } from 'vitest';
import { type MemoryServer, memoryServer } from '../../../test/memory-server.ts';

let server: MemoryServer;
afterEach(() => server.stop());

const remove = (id: string) => fetch(`${server.inside.url}/v1/clients/${id}`, { method: 'DELETE' });

it('a client that is removed is closed, forgotten for good, and the others are told that it left', async () => {
  server = await memoryServer();
  const [anna, ben] = [await server.connect('anna'), await server.connect('ben')];
  await server.inside.clock.advance(70_000);
  expect((await remove('ben')).status).toBe(200);
  expect(await ben.closed).toMatchObject({ code: 4001, reason: 'removed' });
  expect((await anna.next('client_left')).data).toMatchObject({ client_id: 'ben' });
  await server.inside.clock.advance(70_000);
  const known = await server.inside.metadata.clients('default');
  expect(known.map(({ clientId }) => clientId)).toEqual(['anna']);
});

it('one that has not said who it is is closed too; one that is not connected is only forgotten', async () => {
  server = await memoryServer();
  await server.register('anna');
  const silent = await server.open('anna');
  expect((await remove('anna')).status).toBe(200);
  expect(await silent.closed).toMatchObject({ code: 4001 });
  expect((await remove('anna')).status).toBe(200);
});

it('it may come back', async () => {
  server = await memoryServer();
  await server.connect('anna');
  await remove('anna');
  const refused = await server.open('anna');
  refused.introduce();
  expect(await refused.closed).toMatchObject({ code: 1008 });
  const again = await server.connect('anna');
  expect(again.socket.readyState).toBe(again.socket.OPEN);
});
