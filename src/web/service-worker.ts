/**
 * Keeps the app itself, never what the server answers: its files, whose names change with what they hold, and the page
 * that loads them.
 */
interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Extendable {
  readonly request: Request;
  /** The page, asked for while the worker was still starting; undefined where a browser does not do so. */
  readonly preloadResponse: Promise<Response | undefined>;
  respondWith(answer: Promise<Response>): void;
}
interface Worker {
  readonly registration: {
    readonly scope: string;
    readonly navigationPreload?: { enable(): Promise<void> };
  };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: Extendable) => void): void;
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void;
}

const worker = globalThis as unknown as Worker;

/** Both are filled in by the build. */
const CACHE = 'syncer-__NAME__';
const ASSETS = '__ASSETS__'.split(',');
const SHELL = './';

worker.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll([SHELL, ...ASSETS]))
      .then(() => worker.skipWaiting()),
  );
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(
    forgetOthers()
      .then(() => worker.registration.navigationPreload?.enable())
      .then(() => worker.clients.claim()),
  );
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  const path = request.url.startsWith(worker.registration.scope)
    ? request.url.slice(worker.registration.scope.length).replace(/[?#].*$/s, '')
    : undefined;
  if (path?.startsWith('assets/')) event.respondWith(keptOrFetched(request));
  if (path === '' && request.mode === 'navigate') event.respondWith(fetchedOrKept(event));
});

async function keptOrFetched(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? (await fetch(request));
}

/** The newest page, where there is a network; else the one that is kept. */
async function fetchedOrKept({ request, preloadResponse }: Fetching): Promise<Response> {
  try {
    return (await preloadResponse) ?? (await fetch(request));
  } catch (error) {
    const kept = await caches.match(SHELL);
    if (kept === undefined) throw error;
    return kept;
  }
}

async function forgetOthers(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith('syncer-') && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}
