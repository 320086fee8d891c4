import { connect, createServer, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { FarAway } from './far-away.ts';

const listening = (onSocket: (socket: Socket) => void) =>
  new Promise<{ port: number; close: () => void }>((resolve) => {
    const server = createServer(onSocket);
    server.listen(0, () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      resolve({ port, close: () => server.close() });
    });
  });

it('what goes through it arrives whole and in its order, both ways, and so does the end', async () => {
  const echo = await listening((socket) => socket.pipe(socket));
  const far = new FarAway(5);
  const { port } = await far.reach(echo.port);
  const sent = Array.from({ length: 200 }, (_, at) => `${at} `);
  const socket = connect(port);
  let received = '';
  socket.on('data', (bytes) => {
    received += String(bytes);
  });
  for (const each of sent) {
    socket.write(each);
    await new Promise((resolve) => setImmediate(resolve));
  }
  socket.end();
  await new Promise((resolve) => socket.once('close', resolve));
  far.close();
  echo.close();
  expect(received).toBe(sent.join(''));
});
