import { lstatSync, readdirSync } from 'node:fs';

const ASCII = /^[ -~]*$/;

/**
 * The names on the disk of what is listed under a composed (NFC) name. A composed name that exists
 * is itself; only where it does not may a name that composes to it stand for it.
 */
export class RealNames {
  readonly #known = new Map<string, ReadonlyMap<string, string>>();

  /** What to call `name` in the directory at `at`; itself when nothing is known by it. */
  find(at: string, name: string): string {
    if (ASCII.test(name) || exists(`${at}/${name}`)) return name;
    const key = keyOf(at);
    const known = this.#known.get(key) ?? this.#remember(key, readdirSync(at));
    return known.get(name) ?? name;
  }

  /** A listing knows best: what it saw of a directory replaces what was remembered. */
  learn(at: string, names: readonly string[]): ReadonlyMap<string, string> {
    const strange = decomposed(names);
    if (strange.size > 0 || this.#known.size > 0) this.#known.set(keyOf(at), strange);
    return strange;
  }

  #remember(key: string, names: readonly string[]): ReadonlyMap<string, string> {
    const strange = decomposed(names);
    this.#known.set(key, strange);
    return strange;
  }
}

/** From composed names to the ones on the disk, where the two differ and no sibling has the first. */
function decomposed(names: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const strange = names.filter((name) => !ASCII.test(name) && name.normalize('NFC') !== name);
  if (strange.length === 0) return found;
  const all = new Set(names);
  for (const name of strange.sort()) {
    const composed = name.normalize('NFC');
    if (!all.has(composed) && !found.has(composed)) found.set(composed, name);
  }
  return found;
}

const exists = (spot: string): boolean => lstatSync(spot, { throwIfNoEntry: false }) !== undefined;

function keyOf(at: string): string {
  const { dev, ino } = lstatSync(`${at}/.`, { bigint: true });
  return `${dev}:${ino}`;
}
