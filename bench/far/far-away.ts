import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Detour } from '../contenders/syncer.ts';
import { sleep } from '../system/until.ts';

/**
 * The server as it is seen from far away: every byte is so many milliseconds on its way, in either
 * direction, and a connection takes a round trip before its first byte leaves.
 */
export class FarAway implements Detour {
  readonly #oneWay: number;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();

  constructor(oneWay: number) {
    this.#oneWay = oneWay;
  }

  async reach(port: number): Promise<{ readonly port: number }> {
    const server = createServer({ allowHalfOpen: true }, (near) => this.#pass(near, port));
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('It listens to no port.');
    return { port: address.port };
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    for (const server of this.#servers) server.close();
  }

  #pass(near: Socket, port: number): void {
    const far = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    // The caller believes at once that it is connected; there, its first byte could leave one round trip later.
    const first = performance.now() + 3 * this.#oneWay;
    for (const socket of [near, far]) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
    }
    this.#carry(near, far, first);
    this.#carry(far, near, 0);
  }

  /** Bytes and the end arrive in their order. */
  #carry(from: Socket, to: Socket, notBefore: number): void {
    let turn = Promise.resolve();
    const later = (then: () => void): void => {
      const due = Math.max(notBefore, performance.now() + this.#oneWay);
      turn = turn.then(() => sleep(Math.max(0, due - performance.now()))).then(then);
    };
    from.on('data', (bytes) => later(() => to.writable && to.write(bytes)));
    from.on('end', () => later(() => to.end()));
    // After an end in good order, what is still on its way the other way arrives.
    from.on('close', () => from.readableEnded || later(() => to.destroy()));
  }
}
