/**
 * What a person does in the directory behind the disk's back. Paths have `/` between the names. It
 * exists for tests and simulations; every step throws when it cannot be done.
 */
export interface User {
  /** Truncates and writes in place, as a plain program does. Makes the directories above. */
  write(path: string, content: string | Uint8Array): void;
  append(path: string, content: string | Uint8Array): void;
  /** Undefined where no file is. */
  read(path: string): string | undefined;
  setTime(path: string, mtime: number): void;
  /** Whatever is there, with everything in it. */
  remove(path: string): void;
  /** Over whatever is there. */
  rename(from: string, to: string): void;
  makeDirectory(path: string): void;
  symlink(path: string, target: string): void;
  /** Something that is neither file, directory nor symlink. */
  makePipe(path: string): void;
  /** Every path with its content: a file's text, `-> target`, `dir`, `pipe`. With our own directory. */
  snapshot(): Map<string, string>;
}
