import type { Dirt as Event, Path } from './ports.ts';
import type { Where } from './session.ts';

/** The directories that are to be looked at, gathered while nobody looks. */
export class Dirt {
  #everything = false;
  readonly #directories = new Set<string>();

  get isEmpty(): boolean {
    return !this.#everything && this.#directories.size === 0;
  }

  add(event: Event): void {
    if (event.type === 'everything') this.addEverything();
    else this.#directories.add(event.path.join('/'));
  }

  addAll(where: Where): void {
    if (where === 'everything') this.addEverything();
    else for (const path of where) this.#directories.add(path.join('/'));
  }

  addEverything(): void {
    this.#everything = true;
  }

  /** What there is, and begins anew. */
  take(): Where {
    const paths = [...this.#directories].map(pathOf);
    const where: Where = this.#everything ? 'everything' : paths;
    this.#everything = false;
    this.#directories.clear();
    return where;
  }
}

export const pathOf = (text: string): Path => (text === '' ? [] : text.split('/'));
