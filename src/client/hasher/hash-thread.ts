// What runs in the thread of threaded.ts.
import { createHash, type Hash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

/** Of the content `id`: its next bytes; that these were all; that it is not wanted any more. The first two are answered, in turn. */
export type Order =
  | { readonly type: 'push'; readonly id: number; readonly bytes: Uint8Array }
  | { readonly type: 'end' | 'abandon'; readonly id: number };

/** The checksum at the end; else nothing. */
export type Done = string | undefined;

const contents = new Map<number, Hash>();

parentPort?.on('message', (order: Order) => {
  const hash = contents.get(order.id) ?? createHash('sha256');
  if (order.type === 'push') {
    contents.set(order.id, hash.update(order.bytes));
    parentPort?.postMessage(undefined);
    return;
  }
  contents.delete(order.id);
  if (order.type === 'end') parentPort?.postMessage(hash.digest('hex'));
});
