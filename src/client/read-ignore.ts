import { ignorePatterns } from '../core/ignore.ts';
import { DiskError } from './ports.ts';
import type { Session } from './session.ts';

/** The file whose patterns add to the configured ones. */
const FILE = '.syncignore';
/** More than this is not a list of patterns. Bytes. */
const LIMIT = 1024 * 1024;

/** Reads the patterns anew; answers whether they changed, so that everything has to be looked at. */
export async function readIgnore(session: Session): Promise<boolean> {
  const text = await readText(session);
  if (text === session.ignoreText) return false;
  const isFirst = session.ignoreText === undefined;
  session.ignoreText = text;
  session.ignore = ignorePatterns([
    ...session.settings.ignorePatterns,
    ...(text ?? '').split(/\r?\n/),
  ]);
  if (!isFirst || text !== '') session.ignoreChanged();
  return true;
}

/** Absent: no patterns. What cannot be read changes nothing: patterns that vanish would make files appear. */
async function readText({ disk, ignoreText }: Session): Promise<string | undefined> {
  try {
    const look = await disk.look([FILE]);
    if (look === undefined || look.kind !== 'file') return '';
    if (look.size > LIMIT) return ignoreText ?? '';
    const parts: Uint8Array[] = [];
    for await (const part of disk.read([FILE])) parts.push(part);
    return Buffer.concat(parts).toString('utf8');
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    return ignoreText ?? '';
  }
}
