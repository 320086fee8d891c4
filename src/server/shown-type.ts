import { posix } from 'node:path';

/**
 * The type as which a browser may get a content that bears this name; undefined: as bytes that it only saves. Pictures,
 * sound, films and texts can do nothing. What could run, such as pages, scripts and drawings with scripts in them, is
 * never among them, but as a plain text (F29).
 */
export function shownType(name: string): string | undefined {
  const extension = posix.extname(name).slice(1).toLowerCase();
  return TYPES.get(extension) ?? (TEXTS.has(extension) ? 'text/plain; charset=utf-8' : undefined);
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
  ['avif', 'image/avif'],
  ['mp3', 'audio/mpeg'],
  ['m4a', 'audio/mp4'],
  ['aac', 'audio/aac'],
  ['oga', 'audio/ogg'],
  ['ogg', 'audio/ogg'],
  ['opus', 'audio/ogg'],
  ['wav', 'audio/wav'],
  ['flac', 'audio/flac'],
  ['weba', 'audio/webm'],
  ['mp4', 'video/mp4'],
  ['m4v', 'video/mp4'],
  ['webm', 'video/webm'],
  ['ogv', 'video/ogg'],
  ['mov', 'video/quicktime'],
  ['mkv', 'video/x-matroska'],
  ['pdf', 'application/pdf'],
]);

const TEXTS: ReadonlySet<string> = new Set(
  (
    'txt text md markdown rst adoc log csv tsv json jsonl xml yaml yml toml ini conf cfg properties ' +
    'html htm svg css scss less js mjs cjs jsx ts tsx py rb php pl lua go rs c h cc cpp hpp cs java ' +
    'kt swift sh bash zsh fish bat ps1 sql diff patch tex bib srt vtt'
  ).split(' '),
);
