import { extensionOf } from './folder-path.ts';
import type { IconName } from './parts/icon.tsx';

/** How a file is shown. */
export type FileKind =
  | 'image'
  | 'audio'
  | 'video'
  | 'pdf'
  | 'markdown'
  | 'text'
  | 'archive'
  | 'other';

const EXTENSIONS: Readonly<Record<Exclude<FileKind, 'other'>, string>> = {
  image: 'png jpg jpeg gif webp avif svg bmp ico',
  audio: 'mp3 wav ogg oga opus m4a aac flac',
  video: 'mp4 webm mov m4v ogv mkv',
  pdf: 'pdf',
  markdown: 'md markdown',
  text:
    'txt log csv tsv json jsonl xml html htm css scss js mjs cjs jsx ts tsx yaml yml toml ini cfg conf env sh bash zsh ' +
    'fish ps1 bat py rb rs go java kt c h cc cpp hpp cs php pl lua r sql swift scala tex bib rst org adoc diff patch ' +
    'gitignore dockerfile makefile vue svelte graphql proto srt vtt ics vcf',
  archive: 'zip tar gz tgz bz2 xz zst 7z rar jar',
};

const KINDS = new Map(
  Object.entries(EXTENSIONS).flatMap(([kind, names]) =>
    names.split(' ').map((name) => [name, kind as FileKind] as const),
  ),
);

/** By the name; what it holds may tell otherwise, and a preview finds out. */
export const fileKind = (name: string): FileKind => KINDS.get(extensionOf(name)) ?? 'other';

const ICONS: Readonly<Record<FileKind, IconName>> = {
  image: 'image',
  audio: 'audio',
  video: 'media',
  pdf: 'text',
  markdown: 'text',
  text: 'text',
  archive: 'archive',
  other: 'file',
};

export const iconOf = ({ kind, name }: { kind: string; name: string }): IconName => {
  if (kind === 'directory') return 'directory';
  return kind === 'symlink' ? 'symlink' : ICONS[fileKind(name)];
};
