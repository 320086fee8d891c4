import { connect, createServer, type Socket } from 'node:net';

/** Passes everything on to a port of this machine, and counts. */
export class CountingProxy {
  /** Connections so far. */
  connections = 0;
  /** Bytes that came from the server. */
  down = 0;
  readonly #to: () => number;
  readonly #open = new Set<Socket>();
  readonly #server = createServer((near) => this.#pass(near));

  /** Of the server; asked for each connection. */
  constructor(to: () => number) {
    this.#to = to;
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('It listens to no port.');
    return address.port;
  }

  /** Every connection breaks off. */
  cut(): void {
    for (const socket of this.#open) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(near: Socket): void {
    this.connections += 1;
    const far = connect(this.#to(), '127.0.0.1');
    far.on('data', (bytes) => {
      this.down += bytes.length;
    });
    for (const socket of [near, far]) {
      this.#open.add(socket);
      socket.on('close', () => {
        this.#open.delete(socket);
        near.destroy();
        far.destroy();
      });
      socket.on('error', () => {});
    }
    near.pipe(far).pipe(near);
  }
}
