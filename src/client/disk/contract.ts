import { describe, it } from 'vitest';
import * as changing from './changing/contract.ts';
import * as keeping from './keeping/contract.ts';
import * as reading from './reading/contract.ts';
import type { World } from './world.ts';

/** Every sentence of the port, for every implementation. */
export function diskContract(name: string, make: () => Promise<World>): void {
  const run = (title: string, test: (world: World) => Promise<void>, bound: boolean) =>
    it(title, async () => {
      const world = await make();
      try {
        if (bound) await world.disk.bind('instance');
        await test(world);
      } finally {
        await world.close();
      }
    });
  describe(`${name}: Disk`, () => {
    for (const [about, tests] of Object.entries({ ...reading, ...changing, ...keeping })) {
      // Binding is what the first of them is about.
      const bound = about !== 'rootTests';
      describe(about.replace('Tests', ''), () => tests((title, test) => run(title, test, bound)));
    }
  });
}
