import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ClientHome, until } from '../end-to-end/processes.ts';
import { differences, treeOf } from '../end-to-end/tree.ts';

/** Both directories are equal, to the time of each file. Answers what is in them. */
export async function settled([a, b]: readonly [ClientHome, ClientHome]): Promise<
  Map<string, string>
> {
  const faults = () => differences(a.directory, b.directory);
  await until(() => faults().length === 0, { what: () => faults().join('\n') });
  return treeOf(a.directory);
}

/** The conflict copies in a directory of a client’s. */
export const copiesIn = ({ directory }: ClientHome, under = ''): string[] =>
  readdirSync(join(directory, under)).filter((name) => name.includes('(conflict'));
