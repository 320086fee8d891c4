import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LogSink } from './log.ts';

export interface LogFile {
  readonly sink: LogSink;
  /** Writes what waits. Twice is once; what is said later is written too. */
  flush(): void;
}

export interface LogFileOptions {
  readonly path: string;
  /** Bytes; a file that grew beyond becomes `path.1`, that one `path.2`, and so on. */
  readonly largest?: number;
  /** Older files that are kept. */
  readonly kept?: number;
}

/**
 * Lines of JSON in a file. They are written together, when the event loop comes round; a disk that
 * takes none loses them, since a log must stop nobody. Throws when the file cannot be opened at first.
 */
export function openLogFile({
  path,
  largest = 10 * 1024 * 1024,
  kept = 5,
}: LogFileOptions): LogFile {
  mkdirSync(dirname(path), { recursive: true });
  let file: number | undefined = openSync(path, 'a', 0o640);
  let size = fstatSync(file).size;
  let waiting: string[] = [];

  const append = (bytes: Buffer): void => {
    if (size > 0 && size + bytes.length > largest) {
      if (file !== undefined) closeSync(file);
      file = undefined;
      rotate(path, kept);
    }
    if (file === undefined) {
      file = openSync(path, 'a', 0o640);
      size = fstatSync(file).size;
    }
    size += writeSync(file, bytes);
  };

  const flush = (): void => {
    const bytes = Buffer.from(waiting.join(''));
    waiting = [];
    if (bytes.length === 0) return;
    try {
      append(bytes);
    } catch {
      // There is nowhere left to say it.
    }
  };

  const sink: LogSink = (line) => {
    if (waiting.length === 0) setImmediate(flush);
    waiting.push(line);
  };
  return { sink, flush };
}

function rotate(path: string, kept: number): void {
  for (let n = kept - 1; n >= 0; n -= 1) {
    try {
      renameSync(n === 0 ? path : `${path}.${n}`, `${path}.${n + 1}`);
    } catch {
      // There are fewer of them so far.
    }
  }
}
