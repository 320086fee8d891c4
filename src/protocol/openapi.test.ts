import { describe, expect, it } from 'vitest';
import { FAILURES } from './failure.ts';
import { NAMED, openapi } from './openapi.ts';
import { failuresOf, type Route } from './route.ts';
import { ROUTES } from './routes.ts';

const text = JSON.stringify(openapi('1.2.3'));
const document = JSON.parse(text);
const all = Object.entries<Route>(ROUTES);

describe('the OpenAPI document', () => {
  it('is plain JSON of version 3.1', () => {
    expect(document).toEqual(openapi('1.2.3'));
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(document.info).toMatchObject({ title: 'Syncer', version: '1.2.3' });
  });

  it.each(all)('has %s, with every code that it may answer', (name, route) => {
    const operation = document.paths[route.path][route.method.toLowerCase()];
    expect(operation.operationId).toBe(name);
    for (const status of Object.keys(route.answers)) {
      expect(operation.responses[status].description).not.toBe('');
    }
    for (const code of failuresOf(route)) {
      expect(operation.responses[FAILURES[code].status].description).toContain(code);
    }
  });

  it('has no more routes than there are', () => {
    const operations = Object.values(document.paths).flatMap((path) => Object.keys(path as object));
    expect(operations).toHaveLength(all.length);
  });

  it('every reference leads somewhere', () => {
    const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
    expect(references.length).toBeGreaterThan(20);
    for (const [, name] of references)
      expect(Object.keys(document.components.schemas)).toContain(name);
  });

  it('names every model of the contract, by the same definition that validates', () => {
    for (const model of [
      'SyncOperation',
      'FileInfo',
      'SyncMessage',
      'ClientInfo',
      'SyncRequest',
      'SyncResponse',
      'ConflictResolution',
      'ServerConfig',
      'ClientConfig',
    ]) {
      expect(document.components.schemas[model]).toBeDefined();
    }
    expect(document.components.schemas.FileInfo).toEqual(
      JSON.parse(JSON.stringify(NAMED.FileInfo)),
    );
  });

  it('says of a parameter whether it is required', () => {
    const [path, client] = document.paths['/files/{path}'].delete.parameters;
    expect(path).toMatchObject({ name: 'path', in: 'path', required: true });
    expect(client).toMatchObject({ name: 'client_id', in: 'query', required: true });
    expect(document.paths['/v1/changes'].get.parameters[0].required).toBe(false);
  });

  it('a 409 of a commit is its answer or an error', () => {
    const { schema } =
      document.paths['/v1/commits'].post.responses['409'].content['application/json'];
    expect(schema.anyOf).toContainEqual({ $ref: '#/components/schemas/ErrorMessage' });
  });

  it('holds no empty schema by mistake', () => {
    expect(text).not.toContain('"schema":{}');
  });
});
