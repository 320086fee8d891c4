import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const FILES: Readonly<Record<string, string>> = {
  'welcome.txt': 'Hello. This file was put into one directory, and came to the other by itself.\n',
  'notes/ideas.md': '# Ideas\n\n- Change this line, save, and look at the other directory.\n',
  'notes/plans/summer.md': '# Summer\n\nDirectories come along, and move as one.\n',
};

/** Puts a few files into a directory that is not there yet; what a later run finds is left alone. */
export function welcome(directory: string): void {
  if (existsSync(directory)) return;
  for (const [path, text] of Object.entries(FILES)) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
