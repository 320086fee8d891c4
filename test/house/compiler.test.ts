import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOMS, ROOT } from './source.ts';

/** A file in one room that imports what that room may not see. */
const FORBIDDEN = {
  'src/core/sees-protocol.ts': "import { here } from '../protocol/here.ts';",
  'src/core/sees-client.ts': "import { here } from '../client/here.ts';",
  'src/core/sees-files.ts': "import { readFileSync as here } from 'node:fs';",
  'src/protocol/sees-server.ts': "import { here } from '../server/here.ts';",
  'src/protocol/sees-files.ts': "import { readFileSync as here } from 'node:fs';",
  'src/client/sees-server.ts': "import { here } from '../server/here.ts';",
  'src/client/sees-web.ts': "import type { There as here } from '../web/here.ts';",
  'src/server/sees-client.ts': "import { here } from '../client/here.ts';",
  'src/web/sees-server.ts': "import { here } from '../server/here.ts';",
  'src/web/sees-files.ts': "import { readFileSync as here } from 'node:fs';",
};

const ALLOWED = {
  'src/protocol/sees-core.ts': "import { here } from '../core/here.ts';",
  'src/client/sees-files.ts': "import { readFileSync as here } from 'node:fs';",
  'src/server/sees-protocol.ts': "import { here } from '../protocol/here.ts';",
  'src/web/sees-core.ts': "import { here } from '../core/here.ts';",
  'src/core/sees.test.ts': "import { readFileSync as here } from 'node:fs';",
};

const use = (path: string): string =>
  path.includes('web.ts') ? 'export type Used = here;\n' : 'export const used = here;\n';

describe('the compiler', () => {
  let folder = '';
  let complaints = '';

  const plant = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'syncer-'));
    for (const path of ['package.json', 'tsconfig.json', 'tsconfig.base.json']) {
      cpSync(join(ROOT, path), join(folder, path));
    }
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    for (const room of ROOMS) {
      const config = `src/${room}/tsconfig.json`;
      plant(`src/${room}/here.ts`, 'export const here = 1;\nexport type There = 1;\n');
      cpSync(join(ROOT, config), join(folder, config));
    }
    plant('test/here.ts', '');
    cpSync(join(ROOT, 'test/tsconfig.json'), join(folder, 'test/tsconfig.json'));
    for (const [path, text] of Object.entries({ ...FORBIDDEN, ...ALLOWED })) {
      plant(path, `${text}\n${use(path)}`);
    }
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const { stdout } = spawnSync(process.execPath, [tsc, '-b', '--pretty', 'false'], {
      cwd: folder,
      encoding: 'utf8',
    });
    complaints = stdout;
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(Object.keys(FORBIDDEN))('refuses %s', (path) => {
    expect(complaints).toContain(`${path}(1,`);
  });

  it('has nothing against the rest', () => {
    const forbidden = Object.keys(FORBIDDEN);
    const others = complaints
      .split('\n')
      .filter((line) => /error TS/.test(line) && !forbidden.some((path) => line.includes(path)));
    expect(others).toEqual([]);
  });
});
