// First of all: what follows takes the functions that this has put in their places.
import './watch-disk.ts';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeDisk } from '../../src/client/disk/node.ts';
import { lookAt, put, putOver } from '../../src/client/disk/world.ts';
import type { Disk } from '../../src/client/ports.ts';
import { meanwhile } from './watch-disk.ts';

/** A look and the step after it are two calls of the system: whoever comes between them is not to lose anything. */
describe('between a look and the step that follows', () => {
  let root = '';
  let disk: Disk;
  const at = (name: string): string => join(root, name);

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'syncer-'));
    disk = nodeDisk({ root, now: Date.now });
    await disk.bind('instance');
    await put(disk, ['f'], 'known');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const anotherIsPut = (): void => {
    writeFileSync(at('other'), 'saved meanwhile');
    renameSync(at('other'), at('f'));
  };

  it('[C03] what is saved over a file that goes to the trash stays where it is', async () => {
    const expected = await lookAt(disk, ['f']);
    meanwhile('renameSync', anotherIsPut);
    await expect(disk.trash(['f'], expected)).rejects.toMatchObject({ problem: 'changed' });
    expect(readFileSync(at('f'), 'utf8')).toBe('saved meanwhile');
  });

  it('[C02] what is saved over a file that is replaced stays where it is', async () => {
    const expected = await lookAt(disk, ['f']);
    meanwhile('linkSync', anotherIsPut);
    const step = putOver(disk, ['f'], { content: 'new', expected });
    await expect(step).rejects.toMatchObject({ problem: 'changed' });
    expect(readFileSync(at('f'), 'utf8')).toBe('saved meanwhile');
  });

  it('[C02] what takes a name that was free keeps it', async () => {
    meanwhile('linkSync', () => writeFileSync(at('g'), 'made meanwhile'));
    await expect(put(disk, ['g'], 'new')).rejects.toMatchObject({ problem: 'exists' });
    expect(readFileSync(at('g'), 'utf8')).toBe('made meanwhile');
  });
});
