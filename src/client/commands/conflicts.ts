import type { Implementations } from '../assemble.ts';
import { readConfig } from '../config.ts';
import type { Conflict } from '../find-conflicts.ts';
import { printable } from '../printable.ts';
import { survey } from '../survey.ts';
import { openDirectory } from './open-directory.ts';

export interface ConflictsOptions {
  readonly config: string;
  readonly json: boolean;
}

/** A conflict as `--json` shows it. Paths are relative to the synchronized directory, with `/`. */
export interface ShownConflict {
  readonly path: string;
  readonly original: string;
  readonly client: string;
  /** ISO 8601. */
  readonly modified: string;
}

/** Lists the conflict copies in the directory, whether or not a client is running. */
export async function conflicts(
  implementations: Implementations,
  { config, json }: ConflictsOptions,
): Promise<number> {
  const { disk, ignore } = await openDirectory(implementations, readConfig(config));
  const found = (await survey(disk, ignore)).conflicts.map(shown);
  found.sort((a, b) => (a.path < b.path ? -1 : 1));
  process.stdout.write(json ? `${JSON.stringify(found, null, 2)}\n` : await textOf(found));
  return 0;
}

export const shown = ({ copy, original, client, time }: Conflict): ShownConflict => ({
  path: copy.join('/'),
  original: original.join('/'),
  client,
  modified: new Date(time).toISOString(),
});

async function textOf(found: readonly ShownConflict[]): Promise<string> {
  if (found.length === 0) return 'There are no conflicts.\n';
  const { bareTable } = await import('./bare-table.ts');
  const rows = found.map(({ path, original, client, modified }) => [
    printable(original),
    client,
    modified.slice(0, 19).replace('T', ' '),
    printable(path),
  ]);
  return [
    bareTable(HEAD, rows),
    '',
    'Settle one with: syncer-client resolve PATH --keep local|remote|both',
    '',
  ].join('\n');
}

const HEAD = ['of', 'from client', 'modified (UTC)', 'copy'];
