import { isInternal } from './name.ts';

/** UTF-16 code units: what every system can hold in a link. */
export const MAX_TARGET_LENGTH = 247;

export type LinkProblem =
  | 'empty'
  | 'not-text'
  | 'too-long'
  | 'character'
  | 'absolute'
  | 'winding'
  | 'escapes'
  | 'internal';

export const LINK_PROBLEMS: Record<LinkProblem, string> = {
  empty: 'The target of a link is empty.',
  'not-text': 'The target of a link is not valid Unicode text.',
  'too-long': 'The target of a link is longer than 247 characters.',
  character: 'The target of a link contains a colon, a backslash or a control character.',
  absolute: 'The target of a link is an absolute path.',
  winding: 'The target of a link goes up again (..) after a name.',
  escapes: 'The target of a link is outside of the folder.',
  internal: 'The target of a link is in the directory for internal use.',
};

/**
 * Why a symlink must not exist; undefined: it may. `place` is the path of the link itself, its own
 * name last. Judged by the text alone: what the target is, and whether it is there, is nobody's
 * matter, as links are never followed. The verdict holds for that place: ask again when the link,
 * or a directory above it, has moved.
 */
export function checkTarget(place: readonly string[], target: string): LinkProblem | undefined {
  return checkText(target) ?? checkWay(place.length - 1, target.split('/'));
}

function checkText(target: string): LinkProblem | undefined {
  if (target === '') return 'empty';
  if (!target.isWellFormed()) return 'not-text';
  if (target.length > MAX_TARGET_LENGTH) return 'too-long';
  if (/[:\\\p{Cc}]/u.test(target)) return 'character';
  return target.startsWith('/') ? 'absolute' : undefined;
}

/**
 * `..` only in front, where it leaves directories that are known to be no links. After a name it
 * might leave wherever another link leads to: `x/../secret` is outside when `x` leads to the folder
 * itself.
 */
function checkWay(depth: number, names: readonly string[]): LinkProblem | undefined {
  const steps = names.filter((name) => name !== '' && name !== '.');
  const ups = steps.findIndex((name) => name !== '..');
  const down = ups < 0 ? [] : steps.slice(ups);
  if (down.includes('..')) return 'winding';
  if (steps.length - down.length > depth) return 'escapes';
  return down.some(isInternal) ? 'internal' : undefined;
}
