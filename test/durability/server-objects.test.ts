// First of all: what follows takes the functions that this has put in their places.
import './watch-disk.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filesystemObjects } from '../../src/server/objects/filesystem.ts';
import { namedTooEarly, notDurable } from './watch-disk.ts';

async function* parts(): AsyncIterable<Uint8Array> {
  yield Buffer.from('one ');
  yield Buffer.from('two');
}

describe.each([true, false])('objects as files, hard links: %s', (hardLinks) => {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'syncer-'));
    namedTooEarly();
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it.each([
    ['in one piece', () => Buffer.from('bytes')],
    ['in parts', parts],
  ] as const)('[E13] what is put survives a power loss: %s', async (_, bytes) => {
    const objects = await filesystemObjects(directory, { hardLinks });
    for (const name of ['pack-a', 'pack-b', 'pack-c']) await objects.put(name, bytes());
    expect(namedTooEarly()).toEqual([]);
    expect(notDurable(directory, ['incoming'])).toEqual([]);
  });
});
