import { afterEach, expect, it } from 'vitest';
import { type MemoryServer, memoryServer, type PlainClient } from '../memory-server.ts';

const LISTENERS = 100;
const WRITERS = 10;
const FILES = 20;

let server: MemoryServer;
afterEach(() => server.stop());

const nameOf = (writer: number, file: number): string => `of-${writer}/file-${file}.txt`;

async function writeAll(writer: number): Promise<void> {
  for (let file = 0; file < FILES; file += 1) {
    await server.upload(`writer-${writer}`, nameOf(writer, file), `${writer} ${file}`);
  }
}

/** Paths of files, in the order in which a client was told of them. */
const toldOf = (client: PlainClient): string[] =>
  client.messages
    .filter(({ type }) => type === 'file_updated')
    .map(({ data }) => String(data.file_path))
    .filter((path) => path.endsWith('.txt'));

it('[contract 7] load: everybody who listens is told of each of many uploads, once and in order', async () => {
  server = await memoryServer();
  const listeners: PlainClient[] = [];
  for (let n = 0; n < LISTENERS; n += 1) listeners.push(await server.connect(`listener-${n}`));
  for (let n = 0; n < WRITERS; n += 1) await server.register(`writer-${n}`);

  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => writeAll(writer)));

  const isDone = (): boolean =>
    listeners.every((client) => toldOf(client).length >= WRITERS * FILES);
  await expect.poll(isDone, { timeout: 30_000, interval: 200 }).toBe(true);
  const [first] = listeners;
  const order = first === undefined ? [] : toldOf(first);
  expect(new Set(order).size).toBe(WRITERS * FILES);
  for (const client of listeners) expect(toldOf(client)).toEqual(order);
  for (let writer = 0; writer < WRITERS; writer += 1) {
    const own = order.filter((path) => path.startsWith(`of-${writer}/`));
    expect(own).toEqual(Array.from({ length: FILES }, (_, file) => nameOf(writer, file)));
  }
  expect((await server.inside.metadata.counts('default')).files).toBe(WRITERS * FILES);
  expect((await fetch(`${server.inside.url}/health`)).status).toBe(200);
});
