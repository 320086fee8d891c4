import { posix } from 'node:path';
import { parse } from 'es-module-lexer';
import { isTest, lineAt, type Room, roomOf, type Source } from './source.ts';

export interface Import {
  readonly specifier: string;
  readonly line: number;
  readonly typeOnly: boolean;
}

/** What a file imports: statically, dynamically, as a type, or by exporting it again. */
export function importsOf({ path, text }: Source): Import[] {
  const [found] = parse(path.endsWith('.tsx') ? onlyImports(text) : text, path);
  return found.flatMap((each) => {
    if (each.type === 'import-meta' || each.specifier === undefined) return [];
    const typeOnly = each.type === 'dynamic' ? each.probablyTypeOnly : each.typeOnly;
    return [{ specifier: each.specifier, line: lineAt(text, each.importStart), typeOnly }];
  });
}

/** The lexer knows no JSX: of such a file it is given what imports, in the same places, and nothing else. */
function onlyImports(text: string): string {
  const imports =
    /^(?:import|export)\b[^;]*?\bfrom\s+'[^']+';|^import\s+'[^']+';|\bimport\('[^']+'\)/gm;
  let only = '';
  for (const { 0: found, index } of text.matchAll(imports)) {
    only += blank(text.slice(only.length, index)) + found;
  }
  return only;
}

const blank = (text: string): string => text.replace(/[^\n]/g, ' ');

/** The path, from the root, of the file that a relative import names; undefined for a package. */
export const fileOf = (importer: string, specifier: string): string | undefined =>
  specifier.startsWith('.') ? posix.join(posix.dirname(importer), specifier) : undefined;

/** `@scope/name` or `name` of the package that is meant; `node:` names stay whole. */
export function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('#')) return undefined;
  if (specifier.startsWith('node:')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

const MAY_SEE: Record<Room, readonly Room[]> = {
  core: ['core'],
  protocol: ['core', 'protocol'],
  client: ['core', 'protocol', 'client'],
  server: ['core', 'protocol', 'server'],
  web: ['core', 'protocol', 'web'],
};

const REASON: Record<Room, string> = {
  core: 'core is pure and imports nothing, so that every decision can be tried without a world.',
  protocol: 'protocol sees core only: both sides of the wire must be able to import it.',
  client: 'client, server and web meet in protocol only; what two of them need belongs there.',
  server: 'client, server and web meet in protocol only; what two of them need belongs there.',
  web: 'client, server and web meet in protocol only; what two of them need belongs there.',
};

const PACKAGES: Partial<Record<Room, RegExp>> = {
  core: /^$/,
  protocol: /^typebox$/,
  web: /^(?!node:)/,
};

/** Rooms import along the arrows only: core ← protocol ← {client, server, web}. */
export function wrongRooms(source: Source): string[] {
  const room = roomOf(source.path);
  if (room === undefined) return [];
  return importsOf(source).flatMap(({ specifier, line }) => {
    const file = fileOf(source.path, specifier);
    const at = `${source.path}:${line} imports ${specifier}`;
    if (file !== undefined) return isVisible(room, file, source) ? [] : [`${at}. ${REASON[room]}`];
    const allowed = PACKAGES[room];
    if (isTest(source.path) || allowed === undefined) return [];
    return allowed.test(packageOf(specifier) ?? '') ? [] : [`${at}. ${REASON[room]}`];
  });
}

function isVisible(room: Room, file: string, { path }: Source): boolean {
  const target = roomOf(file);
  if (target === undefined) return isTest(path) || file === 'package.json';
  return MAY_SEE[room].includes(target);
}

/** What ships imports only packages that ship with it; those of the web app are bundled into it. */
export function undeclaredPackages(source: Source, dependencies: readonly string[]): string[] {
  if (!source.path.startsWith('src/') || isTest(source.path)) return [];
  if (roomOf(source.path) === 'web') return [];
  return importsOf(source).flatMap(({ specifier, line }) => {
    const name = packageOf(specifier);
    if (name === undefined || name.startsWith('node:') || dependencies.includes(name)) return [];
    return [
      `${source.path}:${line} imports ${name}, which is not among the "dependencies" of package.json: ` +
        'an installed Syncer would not find it.',
    ];
  });
}
