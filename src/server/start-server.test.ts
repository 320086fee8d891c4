import { request as httpRequest } from 'node:http';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { form, uploadParts } from '../../test/memory-app.ts';
import { type MemoryServer, memoryServer } from '../../test/memory-server.ts';
import { checkServerConfig } from '../protocol/check-config.ts';
import { createLog } from './log.ts';
import { MemoryMetadata } from './metadata/memory.ts';
import { memoryNotifier } from './notifier/memory.ts';
import { memoryObjects } from './objects/memory.ts';
import { startServer } from './start-server.ts';

const warned = ({ inside }: MemoryServer): boolean =>
  inside.lines.some((line) => line.includes('no api_keys are set'));

function setUp(settings: Readonly<Record<string, unknown>>) {
  const { config } = checkServerConfig({ host: '127.0.0.1', port: 0, ...settings });
  if (config === undefined) throw new Error('The test has a wrong configuration.');
  const metadata = new MemoryMetadata();
  const seen = { closed: 0 };
  const close = async (): Promise<void> => {
    seen.closed += 1;
    await metadata.close();
  };
  const storage = { metadata, notifier: memoryNotifier(), objects: memoryObjects(), close };
  const log = createLog({ sinks: [] });
  return { config, seen, parts: { log, openStorage: async () => storage } };
}

describe('a server', () => {
  it('listens where it says, and no longer after it was stopped; twice is once', async () => {
    const { config, parts, seen } = setUp({});
    const server = await startServer(config, parts);
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    await Promise.all([server.stop(), server.stop()]);
    expect(seen.closed).toBe(1);
    await expect(fetch(`${server.url}/health`)).rejects.toThrow();
  });

  it('finishes what was begun when it stops', async () => {
    const server = await memoryServer();
    const anna = await server.connect('anna');
    const { url, stop } = server.inside;
    const { headers, payload } = form(uploadParts({ path: 'a.txt', bytes: 'one' }));
    const options = { method: 'POST', headers: { ...headers, expect: '100-continue' } };
    const request = httpRequest(`${url}/upload`, options);
    const answered = new Promise<number | undefined>((resolve, reject) => {
      request.once('response', (response) => resolve(response.resume().statusCode));
      request.once('error', reject);
    });
    await new Promise((resolve) => request.once('continue', resolve).flushHeaders());
    const stopped = stop();
    expect(await anna.closed).toMatchObject({ code: 1001 });
    request.end(payload);
    expect(await answered).toBe(200);
    await stopped;
  });

  it('counts what goes on', async () => {
    const server = await memoryServer();
    const anna = await server.connect('anna');
    await server.upload('anna', 'a.txt', 'one');
    anna.send('nonsense');
    await anna.next('error');
    const text = await (await fetch(`${server.inside.url}/metrics`)).text();
    expect(text).toContain('syncer_connections 1\n');
    expect(text).toContain('syncer_messages_total{direction="up",type="client_connect"} 1\n');
    expect(text).toContain('syncer_errors_total{code="bad_request"} 1\n');
    expect(text).toContain('syncer_commits_total 1\n');
    expect(text).toContain('syncer_changes_total{operation="create"} 1\n');
    expect(text).toMatch(/syncer_transferred_bytes_total\{direction="up"\} [1-9]/);
    await server.stop();
  });

  it.each([
    [true, { host: '0.0.0.0' }],
    [false, { host: '127.0.0.1' }],
    [false, { host: 'localhost' }],
    [false, { host: '0.0.0.0', api_keys: ['a-long-enough-key'] }],
  ])('warns when it is open to more than this machine: %s for %j', async (expected, settings) => {
    const server = await memoryServer(settings);
    expect(warned(server)).toBe(expected);
    await server.stop();
  });
});

describe('a start that is refused', () => {
  it('says so when the port is taken, and leaves the storage to others', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const { config, parts, seen } = setUp({ port });
    await expect(startServer(config, parts)).rejects.toThrow(`port ${port} of 127.0.0.1: another`);
    expect(seen.closed).toBe(1);
    await new Promise((resolve) => other.close(resolve));
  });

  it('says what is wrong with the directory', async () => {
    const { config, parts } = setUp({ sync_directory: '/data' });
    const openStorage = async () => {
      throw Object.assign(new Error('EROFS: read-only'), { code: 'EROFS' });
    };
    await expect(startServer(config, { ...parts, openStorage })).rejects.toThrow(
      'The server cannot use /data (sync_directory): the disk can only be read.',
    );
  });
});
