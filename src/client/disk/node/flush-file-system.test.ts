import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { flushFileSystem } from './flush-file-system.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'syncer-flush-$(false) "\' '));
});
afterEach(() => rmSync(root, { recursive: true }));

/** The programs that we began. */
function children(): string[] {
  const path = `/proc/${process.pid}/task/${process.pid}/children`;
  return readFileSync(path, 'utf8').trim().split(' ').filter(Boolean);
}

describe('asking the file system for everything', () => {
  it('begins one program, however often', async () => {
    const before = children();
    for (let n = 0; n < 5; n += 1) await flushFileSystem(root);
    await Promise.all([flushFileSystem(root), flushFileSystem(root)]);
    expect(children().filter((one) => !before.includes(one))).toHaveLength(1);
  });

  it('begins another one when that was ended, and leaves nobody waiting', async () => {
    const before = children();
    await flushFileSystem(root);
    const [shell = ''] = children().filter((one) => !before.includes(one));
    const asked = flushFileSystem(root);
    process.kill(Number(shell), 'SIGKILL');
    await asked;
    await expect.poll(() => children()).not.toContain(shell);
    await flushFileSystem(root);
  });

  it('does not keep a program from its end, and ends with it', () => {
    const module = new URL('flush-file-system.ts', import.meta.url).href;
    const script = `const { flushFileSystem } = await import(${JSON.stringify(module)});
      await flushFileSystem(${JSON.stringify(root)});
      const { readFileSync } = await import('node:fs');
      console.log(readFileSync('/proc/self/task/' + process.pid + '/children', 'utf8').trim());`;
    const args = ['--input-type=module', '--eval', script];
    const shell = execFileSync(process.execPath, args, { timeout: 20_000 }).toString().trim();
    expect(shell).toMatch(/^\d+$/);
    return expect.poll(() => isThere(shell), { timeout: 5_000 }).toBe(false);
  });
});

function isThere(pid: string): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
