import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { bytesOf } from '../../memory-app.ts';
import { treeOf } from '../tree.ts';
import { hashOf } from './vigil.ts';

const isCopy = (path: string): boolean => path.includes('conflict');

/**
 * What people do in one round, always of the same kind and each time with other contents: create, edit, move,
 * delete, swap, replace a file by a directory and back, move a directory in which something was edited, and
 * both edit one file. The bytes are no text, so nothing is merged.
 */
export class Work {
  /** Hashes of all that was ever saved. */
  readonly contents = new Set<string>();
  readonly #here: string;
  readonly #there: string;
  #round = 0;
  #wanted = new Map<string, string>();
  /** What both edited: each must be at a path, one of them in a conflict copy. */
  #contested: readonly string[] = [];

  /** `here`: where the work is done; `there`: where the same file is edited at the same time. */
  constructor(here: string, there: string) {
    this.#here = here;
    this.#there = there;
  }

  /** While nobody synchronizes. */
  do(): void {
    this.#round += 1;
    const round = this.#round;
    if (round === 1) this.#begin();
    for (const path of [...treeOf(this.#here).keys()].filter(isCopy)) rmSync(this.#at(path));
    this.#save(`new-${round}`, 300);
    this.#save(`dir-${round}/inner/deep`, 200);
    mkdirSync(this.#at(`dir-${round}/empty`));
    this.#save('large', 400_000);
    this.#save('p and q', 100);
    this.#swap('p', 'q');
    this.#swap('one', 'other');
    this.#save('one/inner/deep', 170);
    for (const path of ['turn', 'turn back']) this.#turn(path);
    chmodSync(this.#at('script'), round % 2 === 0 ? 0o755 : 0o644);
    chmodSync(this.#at('script too'), round % 2 === 0 ? 0o644 : 0o755);
    this.#link('link', `new-${round}`);
    this.#old(round);
    this.#wanted = treeOf(this.#here);
  }

  /** The one file that is edited on both sides. */
  contest(): void {
    const bytes = [1, 2].map((side) => bytesOf(500, 1_000_000 * side + this.#round));
    const places = [this.#here, this.#there].map((top) => join(top, 'both'));
    places.forEach((place, side) => void writeFileSync(place, bytes[side] ?? ''));
    this.#contested = bytes.map(hashOf);
    for (const hash of this.#contested) this.contents.add(hash);
    this.#wanted = treeOf(this.#here);
  }

  /** In what a tree differs from what the work made. */
  unlike(tree: ReadonlyMap<string, string>): string[] {
    const paths = new Set([...tree.keys(), ...this.#wanted.keys()]);
    const lines = [...paths]
      .filter(
        (path) => !isCopy(path) && path !== 'both' && tree.get(path) !== this.#wanted.get(path),
      )
      .map((path) => `${path}: ${tree.get(path) ?? 'absent'}, not ${this.#wanted.get(path)}`);
    const both = [...tree.keys()].filter((path) => path === 'both' || isCopy(path));
    const held = both.map((path) => (tree.get(path) ?? '').slice(0, 64)).sort();
    const wanted = [...this.#contested].sort();
    if (held.join() !== wanted.join()) lines.push(`both and its copies: ${both.join(', ')}`);
    return lines;
  }

  /** `path checksum` of every file, as the directory has it. */
  files(): string[] {
    return [...treeOf(this.#here)]
      .filter(([, what]) => /^[0-9a-f]{64} /.test(what))
      .map(([path, what]) => `${path} ${what.slice(0, 64)}`)
      .sort();
  }

  #begin(): void {
    for (let i = 0; i < 30; i += 1) this.#save(`still/${i}`, 50 + i);
    for (const name of ['p', 'q', 'script', 'script too', 'turn']) this.#save(name, 150);
    for (const path of ['turn back/now below', 'one/inner/deep', 'other/inner/deep'])
      this.#save(path, 150);
    symlinkSync('p', this.#at('link'));
  }

  /** What earlier rounds made is edited in the next one, moved in the one after, and then deleted. */
  #old(round: number): void {
    const [one, two, three] = [round - 1, round - 2, round - 3];
    if (one > 0) {
      this.#save(`new-${one}`, 310);
      renameSync(this.#at(`dir-${one}`), this.#at(`moved-${one}`));
      this.#save(`moved-${one}/inner/deep`, 210);
    }
    if (two > 0) {
      renameSync(this.#at(`new-${two}`), this.#at(`still/new-${two}`));
      rmSync(this.#at(`moved-${two}`), { recursive: true });
    }
    if (three > 0) rmSync(this.#at(`still/new-${three}`));
  }

  #save(path: string, size: number): void {
    const bytes = bytesOf(size, this.#round * 1000 + this.contents.size);
    this.contents.add(hashOf(bytes));
    mkdirSync(dirname(this.#at(path)), { recursive: true });
    writeFileSync(this.#at(path), bytes);
  }

  #swap(a: string, b: string): void {
    renameSync(this.#at(a), this.#at('between'));
    renameSync(this.#at(b), this.#at(a));
    renameSync(this.#at('between'), this.#at(b));
  }

  #turn(path: string): void {
    const isFile = lstatSync(this.#at(path)).isFile();
    rmSync(this.#at(path), { recursive: true });
    this.#save(isFile ? `${path}/now below` : path, 160);
  }

  #link(path: string, target: string): void {
    if (existsSync(dirname(this.#at(path)))) unlinkSync(this.#at(path));
    symlinkSync(target, this.#at(path));
  }

  #at(path: string): string {
    return join(this.#here, path);
  }
}
