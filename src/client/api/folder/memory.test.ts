import { MemoryServer } from '../memory.ts';
import { folderContract } from './contract.ts';
import { memoryFolder } from './memory.ts';

folderContract('the folder in memory', async () => {
  let now = Date.UTC(2026, 0, 1);
  const server = new MemoryServer({ now: () => now });
  return {
    api: server.api('client-a', 'Anna'),
    folder: memoryFolder(server, { clientId: 'client-a', clientName: 'Anna' }),
    pass: async (ms) => {
      now += ms;
    },
  };
});
