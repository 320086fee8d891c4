import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { httpApi } from '../../src/client/api/http.ts';
import { type MemoryServer, memoryServer } from '../memory-server.ts';
import { pair } from './rig.ts';

const DAY = 24 * 60 * 60 * 1000;

let server: MemoryServer;
beforeEach(async () => {
  server = await memoryServer();
});
afterEach(() => server.stop());

describe('[A37] a machine that was away for two years, while the history was pruned', () => {
  it('deletes what was deleted, brings nothing back, and keeps what was done on it', async () => {
    const { rig, anna, ben } = pair({
      connect: ({ clientId, epoch }) =>
        httpApi({ base: server.inside.url, apiKey: undefined, clientId, epoch }),
    });
    for (const name of ['stays', 'deleted', 'd/deleted', 'd/edited by ben', 'e/moved', 'both'])
      anna.user.write(name, `${name} at first`);
    await rig.settle();

    anna.user.remove('deleted');
    anna.user.remove('d');
    anna.user.rename('e/moved', 'moved');
    anna.user.write('both', 'both by anna');
    for (let n = 0; n < 30; n += 1) {
      anna.user.write('busy', `version ${n}`);
      anna.user.write(`brief ${n}`, 'B');
      await anna.round();
      anna.user.remove(`brief ${n}`);
      await anna.round();
    }
    const { metadata, clock } = server.inside;
    await clock.advance(1000);
    const pruned = await metadata.pruneHistory('default', clock.now() + 2 * 365 * DAY);
    expect(pruned).toBeGreaterThan(50);

    rig.clock.pass(2 * 365 * DAY);
    ben.user.write('d/edited by ben', 'edited');
    ben.user.write('both', 'both by ben');
    ben.user.write('new', 'N');
    ben.restart();
    await rig.settle();
    expect(ben.files()).toEqual(anna.files());
    expect(Object.keys(ben.files()).filter((path) => !path.includes('conflict'))).toEqual([
      'both',
      'busy',
      'd',
      'd/edited by ben',
      'e',
      'moved',
      'new',
      'stays',
    ]);
    expect(ben.files()).toMatchObject({ both: 'both by ben', 'd/edited by ben': 'edited' });
    expect(Object.values(ben.files())).toContain('both by anna');
    expect(rig.clients.flatMap(({ session }) => session.problems.all())).toEqual([]);
  });
});
