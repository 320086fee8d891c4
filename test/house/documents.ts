import { posix } from 'node:path';
import { lineAt, type Source } from './source.ts';

const blank = (text: string): string => text.replace(/[^\n]/g, ' ');

/** Markdown without its examples, in the same lines. */
const withoutCode = (text: string): string =>
  text.replace(/^(```|~~~)[\s\S]*?^\1[^\n]*$/gm, blank).replace(/`[^`\n]+`/g, blank);

const isPage = (path: string): boolean => path.endsWith('.md');

/** Links to pages, and to headings on them, that are not there. */
export function deadLinks(
  page: Source,
  all: readonly Source[],
  isThere: (path: string) => boolean,
): string[] {
  if (!isPage(page.path)) return [];
  const text = withoutCode(page.text);
  return [...text.matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g)].flatMap(({ 1: link = '', index }) => {
    if (/^[a-z][a-z+.-]*:/i.test(link)) return [];
    const [name = '', heading = ''] = decodeURI(link).split('#');
    const path = name === '' ? page.path : posix.join(posix.dirname(page.path), name);
    const at = `${page.path}:${lineAt(text, index)} links to ${link}`;
    if (!isThere(path)) return [`${at}, which is not there.`];
    const target = all.find((other) => other.path === path);
    if (heading === '' || target === undefined || !isPage(path)) return [];
    return headingsOf(target.text).includes(heading)
      ? []
      : [`${at}, but the page has no such heading.`];
  });
}

/** The names by which headings are linked to. */
const headingsOf = (text: string): string[] => {
  const body = text.replace(/^(```|~~~)[\s\S]*?^\1[^\n]*$/gm, blank);
  const seen = new Map<string, number>();
  return [...body.matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)].map(({ 1: title = '' }) => {
    const slug = title
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
};

const IN_STEP = /^(?!docs\/decisions\/)(?:docs\/.*|[A-Z]+)\.md$/;

/** Files that a page names in passing: they must be there too. Decisions and the changelog tell of the past. */
export function missingFiles({ path, text }: Source, isThere: (path: string) => boolean): string[] {
  if (!IN_STEP.test(path) || path === 'CHANGELOG.md') return [];
  const body = text.replace(/^(```|~~~)[\s\S]*?^\1[^\n]*$/gm, blank);
  return [...body.matchAll(/`((?:src|test|bench|bin|docs|examples)\/[\w./-]+)`/g)].flatMap(
    ({ 1: name = '', index }) =>
      isThere(name.replace(/\/$/, ''))
        ? []
        : [`${path}:${lineAt(body, index)} names ${name}, which is not there.`],
  );
}

/** The codes of the table `FAILURES`. */
export function failureCodes(text: string): string[] {
  const table = /FAILURES = \{\n([\s\S]*?)\n\}/.exec(text)?.[1] ?? '';
  return [...table.matchAll(/^ {2}(\w+): \{/gm)].map(({ 1: code = '' }) => code);
}

export const undocumentedCodes = (failures: string, page: string): string[] =>
  failureCodes(failures)
    .filter((code) => !page.includes(`\`${code}\``))
    .map(
      (code) => `docs/protocol.md does not list the error \`${code}\` of src/protocol/failure.ts.`,
    );

const DECISION = /^docs\/decisions\/(\d{4})-[a-z0-9-]+\.md$/;

/** Every record is numbered once and listed; who looks for a reason reads the list. */
export function unlistedDecisions(paths: readonly string[], list: string): string[] {
  const numbers = new Set<string>();
  return paths.flatMap((path) => {
    if (!path.startsWith('docs/decisions/') || path.endsWith('/README.md')) return [];
    const number = DECISION.exec(path)?.[1];
    if (number === undefined) return [`${path} is not named like 0001-what-was-decided.md.`];
    const twice = numbers.has(number) ? [`${path} has a number that another record has.`] : [];
    numbers.add(number);
    const listed = list.includes(`](${posix.basename(path)})`);
    return listed ? twice : [...twice, `${path} is not listed in docs/decisions/README.md.`];
  });
}
