import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Bench, until } from './processes.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(() => bench.close());

/** The packs of the server, as files. */
const packs = (): string[] =>
  readdirSync(join(bench.directory, 'server', 'objects'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));

it.each([
  ['another bit', (bytes: Buffer) => bytes.fill((bytes.at(-1) ?? 0) ^ 1, bytes.length - 1)],
  ['nothing at all', () => Buffer.alloc(0)],
])(
  '[D12] [D13] what rots under a running server (%s) is brought back by a client at rest',
  async (_, rot) => {
    const server = await bench.server();
    const anna = await bench.client('anna', server);
    const large = Buffer.from(Array.from({ length: 300_000 }, (__, n) => n % 251));
    writeFileSync(join(anna.directory, 'small'), 'small');
    writeFileSync(join(anna.directory, 'large'), large);
    const client = anna.start();
    /** An answer that cannot be gone on with breaks off. */
    const download = async (path: string): Promise<Buffer | undefined> => {
      const answer = await fetch(`${server.url}/download/${path}`);
      const bytes = await answer.arrayBuffer().catch(() => undefined);
      return answer.status === 200 && bytes !== undefined ? Buffer.from(bytes) : undefined;
    };
    const isWhole = async (): Promise<boolean> => {
      const [small, whole] = [await download('small'), await download('large')];
      return String(small) === 'small' && whole?.equals(large) === true;
    };
    await until(isWhole);
    for (const path of packs()) writeFileSync(path, rot(readFileSync(path)));
    expect(await isWhole()).toBe(false);
    await until(isWhole);
    const stats = await (await fetch(`${server.url}/v1/stats`)).json();
    expect(stats).toMatchObject({ quarantined: 0 });
    expect((stats as { healed: number }).healed).toBeGreaterThan(0);
    expect(server.program.output).toContain('a stored chunk rotted');
    expect(await client.stop()).toBe(0);
  },
);
