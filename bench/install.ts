import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Builds our programs and lays them out as an installed package does, without sources: a checkout
 * would strip the types at each start, which nobody's machine does. Answers where `bin` is.
 */
export function install(into: string): string {
  const tsc = join(ROOT, 'node_modules', '.bin', 'tsc');
  execFileSync(tsc, ['-b', 'src/client', 'src/server', 'src/web'], { cwd: ROOT, stdio: 'inherit' });
  const bundle = [join(ROOT, 'bin', 'run.js'), join(ROOT, 'bin', 'build-client.js')];
  execFileSync(process.execPath, bundle, { cwd: ROOT, stdio: 'inherit' });
  mkdirSync(into);
  for (const part of ['bin', 'dist', 'package.json']) {
    cpSync(join(ROOT, part), join(into, part), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(into, 'node_modules'));
  return join(into, 'bin');
}
