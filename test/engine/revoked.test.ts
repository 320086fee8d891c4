import { afterEach, expect, it } from 'vitest';
import { httpApi } from '../../src/client/api/http.ts';
import type { MemoryDatabase } from '../../src/server/metadata/memory.ts';
import { memoryObjects } from '../../src/server/objects/memory.ts';
import { type MemoryServer, memoryServer } from '../memory-server.ts';
import { pair } from './rig.ts';

// The server itself, over HTTP: what it says to one whose key was taken back.

let server: MemoryServer;
afterEach(() => server.stop());

it('[B09] one whose key was taken back is told so at every question, never that there is nothing', async () => {
  const shared = { database: new Map() as MemoryDatabase, objects: memoryObjects() };
  const open = async (key: string): Promise<void> => {
    server = await memoryServer({ api_keys: [key] }, shared);
  };
  await open('key-of-everybody');
  const { rig, anna, ben } = pair({
    connect: (client) =>
      httpApi({
        ...client,
        apiKey: 'key-of-everybody',
        get base() {
          return server.inside.url;
        },
      }),
  });
  for (const name of ['stays', 'edited', 'deleted']) anna.user.write(name, name);
  await rig.settle();
  await server.stop();
  await open('another-key');
  const before = ben.files();
  anna.user.write('edited', 'by anna');
  anna.user.remove('deleted');
  for (const isIntroduced of [true, false]) {
    for (const client of rig.clients) {
      if (!isIntroduced) client.session.welcome = undefined;
      expect(await client.attempt()).toMatchObject({ code: 'unauthorized', retry: false });
    }
  }
  expect(ben.files()).toEqual(before);
  expect(anna.files()).toEqual({ stays: 'stays', edited: 'by anna' });
  await server.stop();
  await open('key-of-everybody');
  await rig.settle();
  expect(ben.files()).toEqual({ stays: 'stays', edited: 'by anna' });
});
