import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DOWN } from './down.ts';
import { FAILURES } from './failure.ts';
import type { Route } from './route.ts';
import { ROUTES } from './routes.ts';
import { UP } from './up.ts';
import { PROTOCOL_VERSION } from './version.ts';

/** However its tables are padded. */
const page = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8').replaceAll(
  / {2,}\|/g,
  ' |',
);

it.each(Object.entries(FAILURES))(
  'docs/protocol.md lists %s',
  (code, { status, retry, meaning }) => {
    expect(page).toContain(`| \`${code}\` | ${status} | ${retry ? 'yes' : 'no'} | ${meaning} |`);
  },
);

it.each(Object.values<Route>(ROUTES))(
  'docs/protocol.md tells of $method $path',
  ({ method, path }) => {
    expect(page).toContain(`\`${method} ${path}`);
  },
);

it.each([...Object.keys(UP), ...Object.keys(DOWN)])('docs/protocol.md tells of %s', (type) => {
  expect(page).toContain(`\`${type}\``);
});

it('docs/protocol.md is about this version', () => {
  expect(page).toContain(`version is **${PROTOCOL_VERSION}**`);
});
