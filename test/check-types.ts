import { accessSync, constants, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './house/source.ts';

const TSC = 'typescript/bin/tsc';

/** What a type check reads. */
const READ = [
  'src',
  'test',
  'bench',
  'node_modules',
  'package.json',
  'tsconfig.json',
  'tsconfig.base.json',
  'vite.config.ts',
  'vitest.config.ts',
];

/**
 * Checks every room and the tests. Rooms know each other by what `tsc -b` wrote of them, so it must
 * write: beside a checkout that may not be written to it is given a place of its own that looks like it.
 */
export async function checkTypes(
  run: (script: string, args: readonly string[], within?: { cwd: string }) => Promise<boolean>,
): Promise<boolean> {
  if (isWritable(ROOT) && isWritable(join(ROOT, 'dist'))) return run(TSC, ['-b']);

  const folder = mkdtempSync(join(tmpdir(), 'syncer-'));
  try {
    for (const name of READ.filter((each) => existsSync(join(ROOT, each)))) {
      symlinkSync(join(ROOT, name), join(folder, name));
    }
    return await run(TSC, ['-b'], { cwd: folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return !existsSync(path);
  }
}
