import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkClientConfig, checkServerConfig } from '../src/protocol/check-config.ts';
import { ClientConfig } from '../src/protocol/client-config.ts';
import { ServerConfig } from '../src/protocol/server-config.ts';
import { ROOT } from './house/source.ts';

const read = (path: string): string => readFileSync(join(ROOT, 'examples', path), 'utf8');

describe('the example of the server’s configuration', () => {
  it('names every key, with its default', () => {
    const example = parse(read('server.yaml'));
    expect(Object.keys(example).sort()).toEqual(Object.keys(ServerConfig.properties).sort());
    expect(checkServerConfig(example).config).toEqual(checkServerConfig({}).config);
  });
});

describe('the example of a client’s configuration', () => {
  it('names every key, with its default where it has one', () => {
    const example = parse(read('config.yaml'));
    expect(Object.keys(example).sort()).toEqual(Object.keys(ClientConfig.properties).sort());
    const { client_name, sync_directory } = example;
    const { config } = checkClientConfig({ client_name, sync_directory });
    expect(checkClientConfig(example).config).toEqual(config);
  });
});

describe('the other examples', () => {
  it('start the programs that there are, with options that they have', () => {
    const units = readdirSync(join(ROOT, 'examples/systemd'));
    expect(units.sort()).toEqual(['syncer-client.service', 'syncer-server.service']);
    for (const unit of units) {
      const [, program] =
        /^ExecStart=\S+ \/opt\/syncer\/(bin\/\S+)/m.exec(read(`systemd/${unit}`)) ?? [];
      expect(readFileSync(join(ROOT, program ?? ''), 'utf8')).toContain('runUnderGoodNode');
    }
    expect(read('container/Dockerfile')).toContain('"bin/syncer-server.js"');
  });

  it('set only variables that the server knows', () => {
    const known = Object.keys(ServerConfig.properties).map((key) => `SYNCER_${key.toUpperCase()}`);
    const texts = [read('container/Dockerfile'), read('container/compose.yaml')].join('\n');
    const named = [...texts.matchAll(/\bSYNCER_\w+/g)].map(([name]) => name);
    expect(known).toEqual(expect.arrayContaining(named));
  });

  it('of a container are YAML, and keep what the server keeps', () => {
    const { services, volumes } = parse(read('container/compose.yaml'));
    expect(services['syncer-server'].volumes).toEqual(['data:/data']);
    expect(volumes).toHaveProperty('data');
    expect(read('container/Dockerfile')).toContain('SYNCER_SYNC_DIRECTORY=/data');
  });
});
