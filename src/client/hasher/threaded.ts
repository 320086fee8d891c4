import { Worker } from 'node:worker_threads';
import { type Hasher, type Hashing, HashingLost } from '../hasher.ts';
import type { Done, Order } from './hash-thread.ts';
import { inPlaceHasher } from './in-place.ts';

export interface ThreadedOptions {
  /** Bytes; smaller contents are hashed in place. */
  readonly from?: number;
  /** Milliseconds for which the thread waits for another content before it ends. */
  readonly idle?: number;
  /** What runs in the thread. */
  readonly program?: URL;
}

const FROM = 32 * 1024 * 1024;
const IDLE = 2_000;
/** Beside us, in a checkout and in what is bundled of it. */
const PROGRAM = new URL(
  import.meta.url.endsWith('.ts') ? './hash-thread.ts' : './hash-thread.js',
  import.meta.url,
);

/**
 * Large contents in a thread of their own, which begins with the first of them and ends when there was none for some seconds.
 * Bytes in shared memory are looked at where they are, others are copied. Where the thread cannot begin, or ends by
 * itself, whatever is begun after that is hashed in place.
 */
export function threadedHasher(options: ThreadedOptions = {}): Hasher {
  const { from = FROM, idle = IDLE, program = PROGRAM } = options;
  const thread = new Thread(program, idle);
  return {
    open: (content) =>
      content.size < from || thread.isLost ? inPlaceHasher.open(content) : new Threaded(thread),
  };
}

interface Waiting {
  readonly resolve: (done: Done) => void;
  readonly reject: (error: HashingLost) => void;
}

class Thread {
  readonly #program: URL;
  readonly #idle: number;
  #worker: Worker | undefined;
  #waiting: Waiting[] = [];
  #opened = 0;
  #contents = 0;
  #lost: HashingLost | undefined;
  #end: NodeJS.Timeout | undefined;

  constructor(program: URL, idle: number) {
    this.#program = program;
    this.#idle = idle;
  }

  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  /** Answers the content's number. */
  open(): number {
    clearTimeout(this.#end);
    this.#contents += 1;
    this.#opened += 1;
    return this.#opened;
  }

  tell(order: Order): void {
    if (this.#lost !== undefined) return;
    this.#worker ??= this.#begin();
    this.#worker.postMessage(order);
  }

  async ask(order: Order): Promise<Done> {
    if (this.#lost !== undefined) throw this.#lost;
    this.tell(order);
    this.#worker?.ref();
    return await new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** Of a content that ended, or was abandoned. */
  close(): void {
    this.#contents -= 1;
    if (this.#contents === 0) this.#end = setTimeout(() => this.#stop(), this.#idle).unref();
  }

  #begin(): Worker {
    const worker = new Worker(this.#program);
    worker.on('message', (done: Done) => {
      this.#waiting.shift()?.resolve(done);
      // It keeps no process running that waits for nothing.
      if (this.#waiting.length === 0) worker.unref();
    });
    worker.on('error', (error) => this.#lose(worker, error));
    worker.on('exit', (code) => this.#lose(worker, new Error(`It exited with ${code}.`)));
    worker.unref();
    return worker;
  }

  #stop(): void {
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
  }

  #lose(worker: Worker, cause: unknown): void {
    if (worker !== this.#worker) return;
    this.#lost ??= new HashingLost(cause);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#lost);
  }
}

class Threaded implements Hashing {
  readonly #thread: Thread;
  readonly #id: number;
  #isOver = false;

  constructor(thread: Thread) {
    this.#thread = thread;
    this.#id = thread.open();
  }

  push(bytes: Uint8Array): Promise<void> {
    const order = { type: 'push', id: this.#id, bytes: inSharedMemory(bytes) } as const;
    const pushed = this.#thread.ask(order).then(() => {});
    // Who has given up does not hear that it was lost.
    pushed.catch(() => {});
    return pushed;
  }

  async end(): Promise<string> {
    try {
      const checksum = await this.#thread.ask({ type: 'end', id: this.#id });
      if (checksum === undefined) throw new HashingLost('It answered something else.');
      return checksum;
    } finally {
      this.#close();
    }
  }

  abandon(): void {
    if (this.#isOver) return;
    this.#thread.tell({ type: 'abandon', id: this.#id });
    this.#close();
  }

  #close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#thread.close();
  }
}

function inSharedMemory(bytes: Uint8Array): Uint8Array {
  if (bytes.buffer instanceof SharedArrayBuffer) return bytes;
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}
