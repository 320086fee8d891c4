import { addressOf } from './api/address.ts';
import { type ApiError, errorFrom, unreachable } from './api/api-error.ts';
import { keyHeaders, register } from './api/call.ts';
import { ownId } from './api/own-id.ts';
import { Observable } from './observable.ts';

/** `done` and `failed` ones stay until they are cleared away. */
type UploadState = 'waiting' | 'sending' | 'done' | 'failed';

export interface Upload {
  readonly id: number;
  readonly path: string;
  readonly file: Blob;
  readonly sent: number;
  readonly state: UploadState;
  readonly problem?: string;
}

/** So many go at once: more only get in each other's way. */
const AT_ONCE = 3;
/** Milliseconds after which what has arrived is shown in the list, though more is on its way. */
const LISTED_EVERY = 3_000;
/** Milliseconds between two showings of the progress. */
const SHOWN_EVERY = 100;

/** The files on their way to the server. */
export class Uploads {
  readonly shown = new Observable<readonly Upload[]>([]);
  readonly #all = new Map<number, Upload>();
  readonly #requests = new Map<number, XMLHttpRequest>();
  readonly #onDone: () => void;
  #next = 1;
  #listed = 0;
  #timer: number | undefined;

  /** `onDone`: when some are through; at the latest when none is on its way any longer. */
  constructor(onDone: () => void) {
    this.#onDone = onDone;
  }

  add(files: readonly { readonly path: string; readonly file: Blob }[]): void {
    for (const { path, file } of files) {
      const id = this.#next++;
      this.#all.set(id, { id, path, file, sent: 0, state: 'waiting' });
    }
    this.#sendMore();
  }

  cancel(id: number): void {
    this.#all.delete(id);
    this.#requests.get(id)?.abort();
    this.#requests.delete(id);
    this.#sendMore();
  }

  retry(id: number): void {
    const upload = this.#all.get(id);
    if (upload?.state !== 'failed') return;
    this.#all.set(id, { id, path: upload.path, file: upload.file, sent: 0, state: 'waiting' });
    this.#sendMore();
  }

  cancelAll(): void {
    for (const request of this.#requests.values()) request.abort();
    this.#requests.clear();
    this.#all.clear();
    this.#show();
  }

  #sendMore(): void {
    for (const upload of this.#all.values()) {
      if (this.#requests.size >= AT_ONCE) break;
      if (upload.state === 'waiting') void this.#send(upload);
    }
    this.#show();
    const isAtRest = this.#requests.size === 0 && this.#all.size > 0;
    if (!isAtRest && performance.now() - this.#listed < LISTED_EVERY) return;
    this.#listed = performance.now();
    this.#onDone();
  }

  async #send({ id, path, file }: Upload): Promise<void> {
    const request = new XMLHttpRequest();
    this.#requests.set(id, request);
    this.#become(id, { state: 'sending' });
    request.upload.addEventListener('progress', ({ loaded }) => {
      this.#become(id, { sent: Math.min(loaded, file.size) });
    });
    try {
      await sendFile(request, path, file);
      this.#become(id, { state: 'done', sent: file.size });
    } catch (error) {
      this.#become(id, { state: 'failed', problem: (error as Error).message });
    }
    if (this.#requests.get(id) !== request) return;
    this.#requests.delete(id);
    this.#sendMore();
  }

  #become(id: number, change: Partial<Upload>): void {
    const upload = this.#all.get(id);
    if (upload === undefined) return;
    this.#all.set(id, { ...upload, ...change });
    if (this.#timer === undefined) this.#timer = setTimeout(() => this.#show(), SHOWN_EVERY);
  }

  #show(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.shown.set([...this.#all.values()]);
  }
}

/** Once more, when the server did not know us. Throws ApiError. */
async function sendFile(request: XMLHttpRequest, path: string, file: Blob): Promise<void> {
  try {
    await sendOnce(request, path, file);
  } catch (error) {
    if ((error as ApiError).code !== 'not_registered') throw error;
    await register();
    await sendOnce(request, path, file);
  }
}

function sendOnce(request: XMLHttpRequest, path: string, file: Blob): Promise<void> {
  const form = new FormData();
  form.set('relative_path', path);
  form.set('client_id', ownId());
  form.set('original_size', `${file.size}`);
  form.set('file', file, 'file');
  return new Promise((resolve, reject) => {
    request.open('POST', addressOf('/upload'));
    for (const [name, value] of Object.entries(keyHeaders())) request.setRequestHeader(name, value);
    request.onload = () =>
      request.status === 200 ? resolve() : reject(errorFrom(request.status, request.responseText));
    request.onerror = () => reject(unreachable());
    request.onabort = () => reject(unreachable());
    request.send(form);
  });
}

export interface UploadTotals {
  readonly files: number;
  readonly done: number;
  readonly failed: number;
  readonly bytes: number;
  readonly sent: number;
}

export function totalsOf(uploads: readonly Upload[]): UploadTotals {
  const count = (wanted: UploadState): number =>
    uploads.filter(({ state }) => state === wanted).length;
  return {
    files: uploads.length,
    done: count('done'),
    failed: count('failed'),
    bytes: uploads.reduce((sum, { file }) => sum + file.size, 0),
    sent: uploads.reduce((sum, { sent }) => sum + sent, 0),
  };
}
