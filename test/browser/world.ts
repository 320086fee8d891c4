import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { vi } from 'vitest';
import { Bench, type ClientHome, type RunningServer, until } from '../end-to-end/processes.ts';
import { buildWeb } from './build-web.ts';
import { openChromium } from './open-chromium.ts';

/** Milliseconds for what a person waits for. A machine that is shared takes its time. */
const PATIENCE = 60_000;
/** For `expect.poll`. */
export const PATIENT = { timeout: PATIENCE };
vi.setConfig({ testTimeout: 5 * PATIENCE, hookTimeout: 5 * PATIENCE });

/** A server, its clients and a browser; each visit is another person's first. */
export class World {
  readonly bench: Bench;
  readonly server: RunningServer;
  readonly #browser: Browser;
  #open: Page[] = [];
  #mishaps: string[] = [];

  private constructor(bench: Bench, server: RunningServer, browser: Browser) {
    this.bench = bench;
    this.server = server;
    this.#browser = browser;
  }

  static async open(options: readonly string[] = [], env: Bench['env'] = {}): Promise<World> {
    await buildWeb();
    const bench = await Bench.open();
    bench.env = env;
    try {
      const server = await bench.server(options);
      return new World(bench, server, await openChromium());
    } catch (error) {
      await bench.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.bench.close();
  }

  /** A client that runs, and has caught up. */
  async client(name: string): Promise<ClientHome> {
    const client = await this.bench.client(name, this.server);
    await client.start().says(/in sync/);
    return client;
  }

  /** A browser that was never here, at a place of the app such as `files/a`. */
  async visit(place = 'files', options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.#browser.newContext({
      viewport: { width: 1280, height: 800 },
      locale: 'en-GB',
      timezoneId: 'UTC',
      acceptDownloads: true,
      ...options,
    });
    context.setDefaultTimeout(PATIENCE);
    const page = await context.newPage();
    page.on('pageerror', (error) => this.#mishaps.push(`${error.stack ?? error.message}`));
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) this.#mishaps.push(message.text());
    });
    this.#open.push(page);
    await page.goto(`${this.server.url}/#/${place}`);
    return page;
  }

  /** Ends all visits. Throws, when a page threw or wanted what it may not. */
  async leave(): Promise<void> {
    const [open, mishaps] = [this.#open, this.#mishaps];
    this.#open = [];
    this.#mishaps = [];
    await Promise.all(open.map((page) => page.context().close()));
    if (mishaps.length > 0) throw new Error(`In the page:\n${mishaps.join('\n')}`);
  }
}

/** Whole at once: of a slow write others may see the small beginning. */
export function write({ directory }: ClientHome, path: string, content: string | Uint8Array): void {
  const aside = join(directory, '..', 'aside');
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(aside, content);
  renameSync(aside, join(directory, path));
}

/** What a client has there; undefined: nothing that can be read. */
export const read = ({ directory }: ClientHome, path: string): Promise<string | undefined> =>
  readFile(join(directory, path), 'utf8').catch(() => undefined);

/** Waits until each of them holds this; undefined: until none of them has it. */
export async function arrives(
  clients: readonly ClientHome[],
  path: string,
  text: string | undefined,
): Promise<void> {
  for (const client of clients) {
    let held: string | undefined;
    const isSo = async (): Promise<boolean> => {
      held = await read(client, path);
      return held === text;
    };
    await until(isSo, { what: () => `${client.name}: ${path} is ${text}, it is ${held}` });
  }
}

/** The server itself. */
export const ask = async <T>({ url }: RunningServer, path: string): Promise<T> =>
  (await (await fetch(`${url}${path}`)).json()) as T;
