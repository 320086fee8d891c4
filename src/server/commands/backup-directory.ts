import { readdir, readFile, realpath } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { ObjectFailure } from '../ports.ts';

/** What a command about backups refuses. The message is a sentence for the operator. */
export class Refusal extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Refusal';
  }
}

/** Says that a directory is a backup's; nobody else's is ever written to. */
export const MARK = 'syncer-backup.json';
/** In a directory that is being restored: no server starts there. */
export const RESTORING = 'restore-under-way';

export const ABOUT =
  'A backup of a Syncer server. To make a server of it: syncer-server restore THIS --sync-directory NEW';

/** Whether a server keeps its data there. */
export async function mustBeServers(directory: string): Promise<void> {
  if ((await namesIn(directory))?.includes('metadata.sqlite')) return;
  throw new Refusal(
    `${directory} (sync_directory) holds no server's data. Name the right one with --sync-directory.`,
  );
}

/** Of two directories none may lie in the other: each is one program's alone. */
export async function mustBeApart(one: string, other: string): Promise<void> {
  const [a, b] = [await realOf(one), await realOf(other)];
  if (!isWithin(a, b) && !isWithin(b, a)) return;
  throw new Refusal(`${one} and ${other} must lie apart: one is inside the other.`);
}

/** Throws for a directory that holds something, but no backup. */
export async function mustBeFreeOrBackup(directory: string): Promise<void> {
  const names = await namesIn(directory);
  if (names === undefined || names.length === 0 || names.includes(MARK)) return;
  throw new Refusal(`${directory} holds something else. Name an empty directory, or a new one.`);
}

export async function mustBeBackup(directory: string): Promise<void> {
  const text = await readFile(join(directory, MARK), 'utf8').catch(() => undefined);
  if (text === undefined) throw new Refusal(`${directory} holds no backup.`);
  const format = formatOf(text);
  if (format === undefined || format === 1) return;
  throw new Refusal(`${directory} was written by a newer version: use that one to restore it.`);
}

/** undefined: it cannot be read. The mark is for people, and what counts is in the objects. */
function formatOf(text: string): unknown {
  try {
    return (JSON.parse(text) as { readonly format?: unknown } | null)?.format;
  } catch {
    return undefined;
  }
}

/** Throws for a directory that holds something, unless it was being restored. */
export async function mustBeFreeOrRestoring(directory: string): Promise<void> {
  const names = await namesIn(directory);
  if (names === undefined || names.length === 0 || names.includes(RESTORING)) return;
  throw new Refusal(`${directory} is not empty. Restore into an empty directory, or a new one.`);
}

/** undefined: it is not there. */
async function namesIn(directory: string): Promise<string[] | undefined> {
  try {
    return await readdir(directory);
  } catch (cause) {
    const code = codeOf(cause);
    if (code === 'ENOENT') return undefined;
    throw new Refusal(`${directory} cannot be read: ${REASONS[code] ?? code}.`, { cause });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOTDIR: 'it is no directory',
  EACCES: 'this user may not',
  EPERM: 'this user may not',
};

/** Of a path that need not be there yet. */
async function realOf(path: string): Promise<string> {
  const whole = resolve(path);
  try {
    return await realpath(whole);
  } catch {
    const above = dirname(whole);
    return above === whole ? whole : join(await realOf(above), relative(above, whole));
  }
}

const isWithin = (inner: string, outer: string): boolean =>
  inner === outer || inner.startsWith(outer.endsWith(sep) ? outer : outer + sep);

/** A sentence for what is known to go wrong; undefined for a mistake in the program. */
export function sentenceOf(error: unknown, directory: string): string | undefined {
  if (error instanceof ObjectFailure) {
    if (error.code === 'full') return `There is no space left in ${directory}.`;
    return `It stopped in the middle: ${error.message}. Run it again: what was copied is not copied again.`;
  }
  const code = codeOf(error);
  if (/^(E[A-Z]+|SQLITE_\w+)$/.test(code) && error instanceof Error) return `${error.message}.`;
  return undefined;
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';
