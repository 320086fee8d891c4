import { fileOf, importsOf } from './imports.ts';
import type { Source } from './source.ts';

/** Files that import each other in a ring cannot be read, tried or moved one by one. Types do not count. */
export function importRings(sources: readonly Source[]): string[] {
  const graph = new Map(sources.map((source) => [source.path, neighbours(source)]));
  const done = new Set<string>();
  const rings: string[] = [];

  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      rings.push(`${[...trail.slice(start), path].join(' → ')} is a ring of imports.`);
      return;
    }
    if (done.has(path)) return;
    for (const next of graph.get(path) ?? []) walk(next, [...trail, path]);
    done.add(path);
  };

  for (const path of graph.keys()) walk(path, []);
  return rings;
}

const neighbours = (source: Source): string[] =>
  importsOf(source).flatMap(({ specifier, typeOnly }) => {
    const file = typeOnly ? undefined : fileOf(source.path, specifier);
    return file === undefined ? [] : [file];
  });
