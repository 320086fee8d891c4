import { describe, expect, it } from 'vitest';
import { pathTo, type Route, routerPath } from './route.ts';
import { ROUTES } from './routes.ts';

const all = Object.entries<Route>(ROUTES);

describe('the table of routes', () => {
  it('has the routes of the contract', () => {
    const routes = all.map(([, { method, path }]) => `${method} ${path}`);
    for (const route of [
      'GET /health',
      'POST /register',
      'POST /sync',
      'POST /upload',
      'GET /download/{path}',
      'DELETE /files/{path}',
      'GET /ws/{client_id}',
    ]) {
      expect(routes).toContain(route);
    }
  });

  it('has each route once', () => {
    const routes = all.map(([, { method, path }]) => `${method} ${path}`);
    expect(new Set(routes).size).toBe(routes.length);
  });

  it('only /health goes without a key', () => {
    expect(all.filter(([, { needsKey }]) => !needsKey).map(([, { path }]) => path)).toEqual([
      '/health',
    ]);
  });

  it.each(all)('%s names the parameters that its path has', (_, { path, params }) => {
    const named = Object.keys((params as { properties?: object } | undefined)?.properties ?? {});
    expect([...path.matchAll(/\{(\w+)\}/g)].map(([, key]) => key)).toEqual(named);
  });

  it.each(all)('%s is plain JSON Schema', (_, { params, query, body, answers }) => {
    const schemas = [
      params,
      query,
      body?.schema,
      ...Object.values(answers).map(({ schema }) => schema),
    ];
    for (const schema of schemas) {
      const text = JSON.stringify(schema ?? {});
      expect(JSON.parse(text)).toEqual({ ...schema });
      expect(text).not.toContain('$id');
    }
  });

  it.each(all.filter(([, { path }]) => path.startsWith('/v1/')))(
    '%s refuses unknown fields',
    (_, { query, body }) => {
      for (const schema of [query, body?.schema]) {
        if (schema !== undefined) expect(schema).toMatchObject({ additionalProperties: false });
      }
    },
  );
});

describe('paths', () => {
  it('are written as routers want them', () => {
    expect(routerPath(ROUTES.download)).toBe('/download/*');
    expect(routerPath(ROUTES.connect)).toBe('/ws/:client_id');
    expect(routerPath(ROUTES.commit)).toBe('/v1/commits');
  });

  it('are filled in, name by name', () => {
    expect(pathTo(ROUTES.download, { path: 'a b/ü?#.txt' })).toBe(
      '/download/a%20b/%C3%BC%3F%23.txt',
    );
    expect(pathTo(ROUTES.health)).toBe('/health');
    expect(() => pathTo(ROUTES.connect)).toThrow('client_id');
  });
});
