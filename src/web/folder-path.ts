/** Paths from the folder, with `/` between names; '' is the folder itself. */

/** '' for what lies in the folder itself, and for the folder. */
export const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

export const pathIn = (directory: string, name: string): string =>
  directory === '' ? name : `${directory}/${name}`;

/** Whether a path is the directory, or lies somewhere in it. */
export const isWithin = (directory: string, path: string): boolean =>
  directory === '' || path === directory || path.startsWith(`${directory}/`);

/** The directories on the way to a path, the outermost first, and the path itself last; not the folder. */
export function waysTo(path: string): string[] {
  const names = path === '' ? [] : path.split('/');
  return names.map((_, n) => names.slice(0, n + 1).join('/'));
}

/** What a relative reference in a file of the directory means; undefined: nothing in the folder. */
export function resolveIn(directory: string, reference: string): string | undefined {
  if (/^(?:[a-z][a-z\d+.-]*:|\/|#|\?)/i.test(reference)) return undefined;
  const names = directory === '' ? [] : directory.split('/');
  for (const name of decodePath(reference.replace(/[?#].*$/s, '')).split('/')) {
    if (name === '..' && names.pop() === undefined) return undefined;
    if (name !== '..' && name !== '.' && name !== '') names.push(name);
  }
  return names.join('/');
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** In lower case, without the dot; '' when there is none. */
export const extensionOf = (name: string): string => {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : '';
};

/** Why a name would be refused, in a sentence; undefined: it is well. The server knows more reasons. */
export function problemOfName(name: string): string | undefined {
  if (name.trim() === '') return 'Give it a name.';
  if (name === '.' || name === '..') return 'This name has a meaning of its own on every system.';
  if (/[/\\]/.test(name)) return 'A name has no slashes.';
  if ([...name].some((character) => character < ' ')) return 'A name has no control characters.';
  return undefined;
}
