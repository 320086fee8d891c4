// `node listen.ts URL CLIENTS`: so many live clients; a line with a number on the standard input makes so many changes.
import { createHash, randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { ROOT } from '../../src/core/entry.ts';
import { PROTOCOL_VERSION } from '../../src/protocol/version.ts';
import { Reporter } from './reporter.ts';

const [, , url = '', clients = '0'] = process.argv;

/** Who makes the changes; it does not listen, and is told of nothing. */
const WRITER = 'writer';
/** Connections that are being made at a time. */
const AT_ONCE = 50;

/** How many have been told of the change that is under way. */
let told = 0;
let onAll = (): void => {};

await post('/register', { client_id: WRITER, name: WRITER, sync_root: '/writer' });
const { epoch } = (await (await fetch(`${url}/v1/stats`)).json()) as { epoch: string };
const names = Array.from({ length: Number(clients) }, (_, at) => `listener-${at}`).values();
await Promise.all(Array.from({ length: AT_ONCE }, () => connectAll(names)));
console.log('<all are here>');
for await (const line of createInterface({ input: process.stdin })) {
  const times: number[] = [];
  for (let change = 0; change < Number(line); change += 1) times.push(await makeChange());
  console.log(`<times: ${times.map((each) => each.toFixed(2)).join(' ')}>`);
}

async function connectAll(left: Iterable<string>): Promise<void> {
  for (const name of left) {
    await post('/register', { client_id: name, name, sync_root: `/${name}` });
    await connectOne(name);
  }
}

async function connectOne(id: string): Promise<void> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/${id}`, {
    perMessageDeflate: false,
  });
  const data = {
    client_id: id,
    client_name: id,
    sync_root: `/${id}`,
    protocol_version: PROTOCOL_VERSION,
    presence: false,
    reports: true,
  };
  const reporter = new Reporter(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => socket.send(JSON.stringify({ type: 'client_connect', data })));
    socket.once('error', reject);
    socket.once('close', (code, reason) => {
      reject(new Error(`${id} was closed with ${code}: ${reason}`));
    });
    socket.on('message', (text: Buffer) => {
      if (text.includes('"client_connect"')) {
        reporter.every = numberIn(text, 'applied_every');
        resolve();
      } else if (text.includes('"file_changed"')) {
        hear();
        reporter.applied(numberIn(text, 'cursor'));
      }
    });
  });
  setInterval(() => {
    if (socket.readyState === WebSocket.OPEN) socket.send('{"type":"heartbeat","data":{}}');
  }, 20_000).unref();
}

function numberIn(text: Buffer, name: string): number {
  const [, digits = '0'] = new RegExp(`"${name}":(\\d+)`).exec(String(text)) ?? [];
  return Number(digits);
}

function hear(): void {
  told += 1;
  if (told === Number(clients)) onAll();
}

/** One small file; answers the milliseconds until the last one was told of it. */
async function makeChange(): Promise<number> {
  const bytes = Buffer.from(`a small file, ${randomUUID()}`);
  const hash = createHash('sha256').update(bytes).digest('hex');
  const node = randomUUID();
  const content = { checksum: hash, size: bytes.length, mtime: Date.now(), executable: false };
  const place = { parent: ROOT, name: `${node}.txt` };
  const all = new Promise<void>((resolve) => {
    onAll = resolve;
  });
  told = 0;
  const begin = performance.now();
  await post('/v1/commits', {
    client_id: WRITER,
    key: node,
    epoch,
    changes: [{ type: 'create', node, kind: 'file', place, content }],
    manifests: [],
    chunks: [{ hash, bytes: bytes.toString('base64') }],
  });
  await all;
  return performance.now() - begin;
}

async function post(path: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
}
