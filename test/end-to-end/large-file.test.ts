import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { Bench, type ClientHome, until } from './processes.ts';

// Large enough for the second thread of each client (src/client/hasher/).

const SIZE = 33 * 1024 * 1024;

let bench: Bench;
let anna: ClientHome;
let ben: ClientHome;
beforeAll(async () => {
  bench = await Bench.open();
  const server = await bench.server();
  [anna, ben] = [await bench.client('anna', server), await bench.client('ben', server)];
}, 60_000);
afterAll(() => bench.close());

const at = ({ directory }: ClientHome): string => join(directory, 'large');

async function holds(home: ClientHome, content: Buffer): Promise<void> {
  const isThere = (): boolean =>
    existsSync(at(home)) &&
    statSync(at(home)).size === content.length &&
    readFileSync(at(home)).equals(content);
  await until(isThere, { seconds: 60, every: 100 });
}

describe('a large file', () => {
  it('is the same elsewhere when it is new, edited and longer at its front', async () => {
    for (const home of [anna, ben]) home.start();
    const first = randomBytes(SIZE);
    const edited = Buffer.from(first);
    edited.write('edited', SIZE / 2);
    const small = join(ben.directory, 'small');
    writeFileSync(join(anna.directory, 'small'), '');
    await until(() => existsSync(small), { seconds: 60 });
    for (const content of [first, edited, Buffer.concat([Buffer.from('x'), edited])]) {
      writeFileSync(at(anna), content);
      await holds(ben, content);
    }
  }, 180_000);
});
