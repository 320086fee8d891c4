import { afterEach, describe, expect, it } from 'vitest';
import { CLIENT, folderContract } from '../../src/client/api/folder/contract.ts';
import { httpFolder } from '../../src/client/api/folder/http.ts';
import { httpApi } from '../../src/client/api/http.ts';
import { type MemoryServer, memoryServer } from '../memory-server.ts';

const servers: MemoryServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

const KEY = 'key-of-everybody';

async function started(): Promise<MemoryServer> {
  const server = await memoryServer({ api_keys: [KEY] });
  servers.push(server);
  return server;
}

folderContract('a real server that wants keys, over HTTP', async () => {
  const server = await started();
  const { url: base, clock, metadata } = server.inside;
  const epoch = (await metadata.folder('default'))?.epoch ?? '';
  const clientId = (): string => CLIENT.clientId;
  return {
    api: httpApi({ base, apiKey: KEY, clientId, epoch: () => epoch }),
    folder: httpFolder({ base, apiKey: KEY, clientId: CLIENT.clientId }),
    pass: (ms) => clock.advance(ms),
  };
});

describe('the folder over HTTP', () => {
  it('is not shown to one without a key, and not changed by one that the server does not know', async () => {
    const { url: base } = (await started()).inside;
    const stranger = httpFolder({ base, apiKey: undefined, clientId: undefined });
    await expect(stranger.history({})).rejects.toMatchObject({ code: 'unauthorized' });
    const unknown = httpFolder({ base, apiKey: KEY, clientId: 'never-seen' });
    const wish = { node: 'n1', version: 1 };
    await expect(unknown.restore(wish)).rejects.toMatchObject({ code: 'not_registered' });
  });

  it('that is not there is a failure that may pass', async () => {
    const nowhere = httpFolder({ base: 'http://127.0.0.1:1', apiKey: KEY, clientId: undefined });
    const failure = { code: 'unreachable', retry: true };
    await expect(nowhere.history({})).rejects.toMatchObject(failure);
    await expect(nowhere.nodeAt('a')).rejects.toMatchObject(failure);
  });
});
