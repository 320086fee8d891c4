import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { httpApi } from '../../src/client/api/http.ts';
import { memoryObjects } from '../../src/server/objects/memory.ts';
import { type MemoryServer, memoryServer, type Shared } from '../memory-server.ts';
import { pair } from './rig.ts';

// Two servers on one database and one store. Neither hears the other's notices: all of them are lost.

let one: MemoryServer;
let other: MemoryServer;
beforeEach(async () => {
  const shared: Shared = { database: new Map(), objects: memoryObjects() };
  one = await memoryServer({}, shared);
  other = await memoryServer({}, shared);
});
afterEach(() => Promise.all([one.stop(), other.stop()]));

describe('[E19] a notice that never comes from the other server', () => {
  it('costs seconds: the server looks at the cursor itself, and tells who is behind', async () => {
    const ben = await other.connect('ben', { protocol_version: 1 });
    await one.register('anna');
    await one.upload('anna', 'f', 'F');
    expect(await ben.typesSoFar()).toEqual([]);
    await other.inside.clock.advance(11_000);
    expect((await ben.next('behind')).data).toEqual({ cursor: 1 });
    await other.inside.clock.advance(30_000); // Once is enough.
    expect(await ben.typesSoFar()).not.toContain('behind');
    await one.upload('anna', 'g', 'G');
    await other.inside.clock.advance(11_000);
    expect((await ben.next('behind')).data).toEqual({ cursor: 2 });
  });

  it('loses nothing: the clients of both come to one tree', async () => {
    let asked = 0;
    const { rig, anna, ben } = pair({
      connect: ({ clientId, epoch }) => {
        asked += 1;
        const base = (asked === 1 ? one : other).inside.url;
        return httpApi({ base, apiKey: undefined, clientId, epoch });
      },
    });
    anna.user.write('f', 'by anna');
    anna.user.write('d/deep', 'D');
    ben.user.write('f', 'by ben');
    await rig.settle();
    ben.user.rename('d', 'e');
    anna.user.write('d/deep', 'edited');
    await rig.settle();
    expect(anna.files()).toMatchObject({ e: 'dir', 'e/deep': 'edited' });
    expect(Object.values(anna.files())).toEqual(expect.arrayContaining(['by anna', 'by ben']));
    expect(ben.files()).toEqual(anna.files());
  });
});
