import { random } from '../random.ts';

/** Chances that follow from a number, and nothing else. */
export class Dice {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = random(seed);
  }

  /** From 0 up to 1. */
  share(): number {
    return this.#next();
  }

  /** From 0 up to, but not, `below`. */
  under(below: number): number {
    return Math.floor(this.#next() * below);
  }

  chance(probability: number): boolean {
    return this.#next() < probability;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.under(from.length)] as T;
  }

  /** A number for other dice. */
  seed(): number {
    return this.under(2 ** 31);
  }
}

/** A number that follows from these, and is like no other. */
export function mix(...numbers: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const number of numbers) {
    hash = Math.imul(hash ^ number, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}
