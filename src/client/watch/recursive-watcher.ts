import type { FSWatcher } from 'node:fs';
import { join, sep } from 'node:path';
import type { Dirt, Path } from '../ports.ts';
import { codeOf, directoriesIn, identityOf, isOurs, mayBeDirectory } from './directory.ts';
import type { FilledOptions, NodeWatcher } from './options.ts';

/**
 * One watch for the whole tree, where the system offers it. A directory that comes or goes is one
 * event, whatever is in it; so one that is there after such an event is told with all that is below
 * it.
 */
export class RecursiveWatcher implements NodeWatcher {
  degraded = false;
  readonly #options: FilledOptions;
  #onDirt: ((dirt: Dirt) => void) | undefined;
  #stopped = false;
  #handle: FSWatcher | undefined;
  #retry: NodeJS.Timeout | undefined;

  // What this turn brought.
  #turn: NodeJS.Immediate | undefined;
  #events = 0;
  readonly #dirty = new Map<string, Path>();
  readonly #renamed = new Map<string, Path>();
  #lost: string | undefined;

  constructor(options: FilledOptions) {
    this.#options = options;
  }

  async run(onDirt: (dirt: Dirt) => void): Promise<void> {
    if (this.#onDirt !== undefined) throw new TypeError('A watcher runs once.');
    if (this.#stopped) return;
    this.#onDirt = onDirt;
    this.#watch();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearImmediate(this.#turn);
    clearTimeout(this.#retry);
    this.#handle?.close();
  }

  rewatch(reason: string): void {
    if (this.#stopped || this.#onDirt === undefined) return;
    this.#handle?.close();
    this.#watch();
    this.#lose(reason);
  }

  #watch(): void {
    clearTimeout(this.#retry);
    try {
      identityOf(this.#options.root, true);
      const handle = this.#options.watch(this.#options.root, { recursive: true });
      this.#handle = handle;
      handle.on('change', (type, name) => this.#heard(handle, type, name));
      handle.on('error', (error) => this.#failed(handle, error));
    } catch (error) {
      this.#failed(undefined, error);
      return;
    }
    if (this.degraded) this.#lose('The directory is watched again.');
    this.degraded = false;
  }

  /** Told once; then it is tried again and again, silently, until it can be watched. */
  #failed(handle: FSWatcher | undefined, error: unknown): void {
    if (this.#stopped || (handle !== undefined && handle !== this.#handle)) return;
    handle?.close();
    this.#handle = undefined;
    const code = codeOf(error);
    if (!this.degraded) this.#lose(`The directory cannot be watched (${code}).`);
    this.degraded = true;
    this.#retry = setTimeout(() => this.#watch(), this.#options.retry);
  }

  #heard(handle: FSWatcher, type: string, name: string | Buffer | null): void {
    if (this.#stopped || handle !== this.#handle) return;
    this.#events += 1;
    if (this.#events >= this.#options.queue / 2) {
      this.#lose('So many events came at once that some may be lost.');
    }
    if (name === null) {
      this.#lose('The system says that events were lost.');
      return;
    }
    const path = `${name}`.split(sep);
    if (isOurs(path[0] ?? '')) return;
    const parent = path.slice(0, -1);
    this.#dirty.set(parent.join(sep), parent);
    if (type === 'rename') this.#renamed.set(`${name}`, path);
    this.#schedule();
  }

  #lose(reason: string): void {
    this.#lost ??= reason;
    this.#schedule();
  }

  #schedule(): void {
    this.#turn ??= setImmediate(() => this.#endTurn());
  }

  #endTurn(): void {
    this.#turn = undefined;
    this.#events = 0;
    if (this.#lost === undefined) for (const path of this.#renamed.values()) this.#enter(path);
    const dirty = [...this.#dirty.values()].filter((path) => !this.#isIgnored(path));
    const reason = this.#lost;
    this.#lost = undefined;
    this.#dirty.clear();
    this.#renamed.clear();
    if (reason !== undefined) this.#say({ type: 'everything', reason });
    else for (const path of dirty) this.#say({ type: 'directory', path });
  }

  #enter(path: Path): void {
    const waiting = [path];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const place = join(this.#options.root, ...next);
      if (this.#options.ignored(next) || !mayBeDirectory(place)) continue;
      this.#dirty.set(next.join(sep), next);
      for (const name of directoriesIn(place)) waiting.push([...next, name]);
    }
  }

  #isIgnored(path: Path): boolean {
    return path.some((_, at) => this.#options.ignored(path.slice(0, at + 1)));
  }

  #say(dirt: Dirt): void {
    if (!this.#stopped) this.#onDirt?.(dirt);
  }
}
