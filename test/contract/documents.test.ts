import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkClientConfig, checkServerConfig } from '../../src/protocol/check-config.ts';
import { Program } from '../end-to-end/processes.ts';
import { ROOT } from '../house/source.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** A document for each component of the contract's list, and the pages around. */
const PAGES = {
  'client: main': 'docs/client.md',
  'client: sync engine': 'docs/sync-engine.md',
  'client: watcher': 'docs/watcher.md',
  'server: main': 'docs/server.md',
  'server: file manager': 'docs/file-manager.md',
  'server: live connections': 'docs/live-connections.md',
  'shared: models': 'docs/models.md',
  'shared: protocols': 'docs/protocols.md',
  'shared: utilities': 'docs/core-pieces.md',
  troubleshooting: 'docs/troubleshooting.md',
  'this contract': 'docs/contract.md',
  'a licence': 'LICENSE',
  examples: 'examples/README.md',
};

const AROUND = {
  'a linter and formatter': 'biome.json',
  'strict types': 'tsconfig.base.json',
  'a pre-commit hook': 'lefthook.yml',
  'systemd, the server': 'examples/systemd/syncer-server.service',
  'systemd, a client': 'examples/systemd/syncer-client.service',
  'a container image': 'examples/container/Dockerfile',
  'a reverse proxy: nginx': 'examples/proxy/nginx.conf',
  'a reverse proxy: Caddy': 'examples/proxy/Caddyfile',
};

/** Pages that can be reached from the README by following links. */
function reachable(): Set<string> {
  const seen = new Set<string>(['README.md']);
  for (const page of seen) {
    if (!page.endsWith('.md')) continue;
    for (const [, link = ''] of read(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
      if (/^[a-z]+:/.test(link)) continue;
      const path = posix.join(posix.dirname(page), link);
      if (existsSync(join(ROOT, path))) seen.add(path.replace(/\/$/, '/README.md'));
    }
  }
  return seen;
}

describe('[contract 7] around it', () => {
  it.each(Object.entries(AROUND))('%s: %s', (_, path) => {
    expect(read(path).length).toBeGreaterThan(0);
  });

  it.each(Object.entries(PAGES))('a page about %s, %s, is there and linked', (_, path) => {
    expect(read(path).length).toBeGreaterThan(500);
    expect([...reachable()]).toContain(path);
  });

  it('the licence is MIT, also in the package', () => {
    expect(read('LICENSE')).toMatch(/^MIT License/);
    expect(JSON.parse(read('package.json')).license).toBe('MIT');
  });

  it('types are strict, and the hook checks types and style', () => {
    expect(read('tsconfig.base.json')).toMatch(/"strict": true/);
    const { 'pre-commit': hook } = parse(read('lefthook.yml'));
    expect(JSON.stringify(hook)).toMatch(/tsc/);
    expect(JSON.stringify(hook)).toMatch(/biome/);
  });

  it.each([
    ['unit', 'src/core'],
    ['unit and integration', 'src/server/routes'],
    ['integration', 'test/engine'],
    ['end-to-end', 'test/end-to-end'],
    ['contract', 'test/contract'],
  ])('%s tests are in %s', (_, path) => {
    const names = readdirSync(join(ROOT, path));
    expect(names.filter((name) => name.endsWith('.test.ts')).length).toBeGreaterThan(1);
  });
});

describe('[contract 7] docs/contract.md', () => {
  const rows = read('docs/contract.md')
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^[|\s:-]+$/.test(line))
    .map((line) => line.replaceAll('\\|', '').split('|').slice(1, -1));
  const promises = rows.filter(([, kept = '']) => kept.includes('.test.ts'));
  const named = new Set(
    promises.flatMap(([, kept = '']) => kept.match(/[\w./-]+\.test\.ts/g) ?? []),
  );

  it('names for each promise the tests that keep it', () => {
    const models = rows.findIndex(([first]) => first?.trim() === 'model');
    const others = rows.filter(
      (row, at) => !promises.includes(row) && (at < models || at > models + 8),
    );
    const heads = others.map(([first = '']) => first.trim());
    expect(new Set(heads)).toEqual(new Set(['promise']));
    expect(promises.length).toBeGreaterThan(70);
    for (const path of named) expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
  });

  it('names every test that was written for it', () => {
    const written = readdirSync(join(ROOT, 'test/contract')).filter((name) =>
      name.endsWith('.test.ts'),
    );
    expect([...named]).toEqual(
      expect.arrayContaining(written.map((name) => `test/contract/${name}`)),
    );
    for (const name of written) expect(read(`test/contract/${name}`)).toMatch(/\[contract [1-7]\]/);
  });
});

/** Examples in the pages, block by block. */
function blocksOf(path: string, language: string): string[] {
  const fence = new RegExp(`^\`\`\`(?:${language})\\n([\\s\\S]*?)^\`\`\`$`, 'gm');
  return [...read(path).matchAll(fence)].map(([, block = '']) => block);
}

const MARKDOWN = [
  ...['README.md', 'CONTRIBUTING.md', 'examples/README.md'],
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** Each call of a program in a page's shell examples: its words, without what follows `#`. */
const calls = MARKDOWN.flatMap((path) =>
  blocksOf(path, 'sh')
    .flatMap((block) => block.split('\n'))
    .map((line) => line.replace(/ +#.*$/, '').trim())
    .flatMap((line) => {
      const [, program, rest] = /(?:^|\s)(syncer-(?:server|client))(\s.*)?$/.exec(line) ?? [];
      return program === undefined
        ? []
        : [{ path, program, words: (rest ?? '').trim().split(/\s+/) }];
    }),
);

const helpTexts = new Map<string, Promise<string>>();

function helpOf(program: string, command: string | undefined): Promise<string> {
  const args = command === undefined ? [] : [command];
  const key = [program, ...args].join(' ');
  const known = helpTexts.get(key);
  if (known !== undefined) return known;
  const asked = new Program([join(ROOT, `bin/${program}.js`), ...args, '--help'], {
    cwd: tmpdir(),
    env: process.env,
  });
  const text = asked.ended().then((code) => (code === 0 ? asked.output : `ended with ${code}`));
  helpTexts.set(key, text);
  return text;
}

describe('the pages’ examples', () => {
  it('call programs with commands and options that there are', async () => {
    expect(calls.filter(({ path }) => path === 'README.md').length).toBeGreaterThan(4);
    for (const { path, program, words } of calls) {
      const command = program === 'syncer-client' ? words[0] : undefined;
      const help = await helpOf(program, command);
      expect(help, `${path}: ${program} ${words.join(' ')}`).toMatch(/^Usage: /);
      for (const option of words.filter((word) => word.startsWith('-'))) {
        expect(help, `${path}: ${option}`).toMatch(new RegExp(`^ .*\\s${option}[ ,]`, 'm'));
      }
    }
  });

  it('call scripts of the package that there are', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const named = MARKDOWN.flatMap((path) =>
      [...read(path).matchAll(/\bnpm run ([\w-]+)/g)].map(([, name = '']) => name),
    );
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['start', 'test', ...named]));
  });

  it('hold configurations that are taken', () => {
    const configs = MARKDOWN.flatMap((path) =>
      blocksOf(path, 'ya?ml').map((block) => parse(block)),
    );
    expect(configs.length).toBeGreaterThan(0);
    for (const config of configs) {
      const isClient = Object.keys(config).some((key) => /^(?:client_|server_|ignore_)/.test(key));
      const { faults } = isClient
        ? checkClientConfig({ client_name: 'a', sync_directory: 'b', ...config })
        : checkServerConfig(config);
      expect(faults).toBeUndefined();
    }
  });

  it.each(['server.yaml', 'config.yaml'])('examples/%s is taken as it is', (name) => {
    const check = name === 'server.yaml' ? checkServerConfig : checkClientConfig;
    expect(check(parse(read(`examples/${name}`))).faults).toBeUndefined();
  });
});
