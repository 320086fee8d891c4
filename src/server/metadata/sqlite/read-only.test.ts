import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { directoryEntry, FOLDER, fileEntry, writeSteps } from '../sample.ts';
import { openReadOnlyMetadata } from './read-only.ts';
import { openSqliteMetadata } from './store.ts';

let directory = '';
let path = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'syncer-'));
  path = join(directory, 'metadata.sqlite');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('metadata that are only read', () => {
  it('[D19] are of one moment, whatever a server writes meanwhile', async () => {
    const server = await openSqliteMetadata({ path });
    await server.openFolder(FOLDER, 'epoch');
    await writeSteps(server, [{ node: 'a', entry: fileEntry('a') }]);
    const { metadata, damage } = await openReadOnlyMetadata(path);
    await writeSteps(server, [{ node: 'b', entry: directoryEntry('b') }]);
    expect(await metadata.folder(FOLDER)).toEqual({ epoch: 'epoch', cursor: 1 });
    expect([...(await metadata.nodes(FOLDER, ['a', 'b'])).keys()]).toEqual(['a']);
    expect(damage()).toEqual([]);
    await metadata.close();
    await metadata.close();
    expect(await server.folder(FOLDER)).toEqual({ epoch: 'epoch', cursor: 2 });
    await server.close();
  });

  it('cannot be written to', async () => {
    const server = await openSqliteMetadata({ path });
    await server.openFolder(FOLDER, 'epoch');
    await server.close();
    const { metadata } = await openReadOnlyMetadata(path);
    await expect(metadata.renewEpoch(FOLDER, 'other')).rejects.toThrow();
    expect(await metadata.folder(FOLDER)).toMatchObject({ epoch: 'epoch' });
    await metadata.close();
  });

  it('[D18] say what is wrong with a file that lost a page', async () => {
    const server = await openSqliteMetadata({ path });
    await server.openFolder(FOLDER, 'epoch');
    const steps = Array.from({ length: 2_000 }, (_, n) => ({
      node: `node ${n}`,
      entry: fileEntry(`file ${n}`),
    }));
    await writeSteps(server, steps);
    await server.close();
    const bytes = readFileSync(path);
    bytes.fill(0xff, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 20_000);
    writeFileSync(path, bytes);
    const { metadata, damage } = await openReadOnlyMetadata(path);
    expect(damage()[0]).toMatch(/^The database is damaged: .*Restore a backup\.$/s);
    await metadata.close();
  });

  it('are refused when they are no database, or none of a server', async () => {
    writeFileSync(path, '');
    await expect(openReadOnlyMetadata(path)).rejects.toThrow('Start the server once');
    writeFileSync(path, 'x'.repeat(5_000));
    await expect(openReadOnlyMetadata(path)).rejects.toThrow();
  });
});
