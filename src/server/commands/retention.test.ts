import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ended } from '../../../test/memory-client.ts';
import { FOLDER, fileEntry, hashOf, writeSteps } from '../metadata/sample.ts';
import { openReadOnlyMetadata } from '../metadata/sqlite/read-only.ts';
import { openSqliteMetadata } from '../metadata/sqlite/store.ts';
import { retention } from './retention.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'syncer-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const asked = (more: { isJson?: boolean; retention?: string } = {}) =>
  ended(() =>
    retention({
      flags: { sync_directory: directory, history_retention: more.retention },
      ...{ file: undefined, isJson: more.isJson ?? false, openMetadata: openReadOnlyMetadata },
    }),
  );

it('says how many versions would go, and changes nothing', async () => {
  const path = join(directory, 'metadata.sqlite');
  const store = await openSqliteMetadata({ path });
  await store.openFolder(FOLDER, 'epoch');
  for (const text of ['1', '2', '3', '4']) {
    await writeSteps(store, [{ node: 'a', entry: fileEntry('a', { checksum: hashOf(text) }) }]);
  }
  await store.close();
  for (let time = 0; time < 2; time += 1) {
    expect(await asked()).toEqual({
      code: 0,
      text: 'With all 1h, minute 1d, hour 7d, day 30d, week 365d, 2 of 4 records of the history would go now.\n',
    });
  }
  expect(JSON.parse((await asked({ isJson: true, retention: 'all 2d' })).text)).toEqual({
    ...{ history_retention: ['all 2d'], history: 4, versions: 2 },
  });
  expect((await asked({ retention: 'null' })).text).toContain('All versions are kept');
});

it('names the cause where nothing can be said', async () => {
  const { code, text } = await asked();
  expect(code).toBe(1);
  expect(text).toContain(directory);
  expect((await asked({ retention: 'day 3d' })).text).toContain('history_retention');
});
