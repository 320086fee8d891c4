import { apiContract } from './contract.ts';
import { MemoryServer } from './memory.ts';

apiContract('the server in memory', async () => {
  const server = new MemoryServer();
  return {
    a: server.api('client-a', 'Anna'),
    b: server.api('client-b', 'Ben'),
    rot: async (hash) => server.rot(hash),
  };
});
