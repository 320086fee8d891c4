export type SystemKind = 'linux' | 'macos' | 'windows';

/**
 * Why one system cannot hold a name that every other can. The name stays on the server as it is:
 * it is reported where it cannot be held, never changed and never taken for deleted.
 */
export type Unrepresentable = 'character' | 'device' | 'ending' | 'short-name';

export const UNREPRESENTABLE: Record<Unrepresentable, string> = {
  character: 'Windows allows none of < > : " / \\ | ? * and no control character in a name.',
  device: 'Windows keeps this name for a device, with any extension.',
  ending: 'Windows drops a dot or a space at the end of a name.',
  'short-name': 'Windows may take this name for the short form of another one.',
};

type Check = (name: string) => boolean;

const NEVER: Record<Unrepresentable, Check> = {
  character: () => false,
  device: () => false,
  ending: () => false,
  'short-name': () => false,
};

/** Total, so that a new reason has to be answered for every system. */
const CHECKS: Record<SystemKind, Record<Unrepresentable, Check>> = {
  linux: NEVER,
  macos: NEVER,
  windows: {
    character: (name) => /[<>:"/\\|?*\p{Cc}]/u.test(name),
    device: isDevice,
    ending: (name) => name.endsWith('.') || name.endsWith(' '),
    'short-name': isShortName,
  },
};

/** Why `system` cannot hold `name` (one that passed `checkName`); undefined: it can. */
export function unrepresentable(
  name: string,
  system: { readonly kind: SystemKind },
): Unrepresentable | undefined {
  const checks = CHECKS[system.kind];
  return REASONS.find((reason) => checks[reason](name));
}

const REASONS: readonly Unrepresentable[] = ['character', 'device', 'ending', 'short-name'];

/**
 * The form that a name and its twins share on a system that does not tell case or normalization
 * apart: two names are twins there when their folds are equal.
 *
 * Full case folding over canonical decomposition (Unicode, CaseFolding.txt, statuses C and F, and
 * definition D145), here as lower case of upper case with the exceptions of that table. It may call
 * twins what one system tells apart (`ß` and `ss` on NTFS), which costs a report; never the
 * reverse.
 */
export function fold(name: string): string {
  if (ASCII.test(name)) return name.toLowerCase();
  return name.normalize('NFD').replace(FOLDED, foldRun).replaceAll('ς', 'σ').normalize('NFD');
}

const ASCII = /^[ -~]*$/;

/**
 * The dotless `ı` is nobody's twin, though its upper case is `I`; a run without it folds as a
 * whole.
 */
const FOLDED = /[^ı]+/gu;

/** `ẞ` is its own upper case; as `ß` it becomes `SS`. */
const foldRun = (run: string): string => run.replaceAll('ẞ', 'ß').toUpperCase().toLowerCase();

/**
 * CON, NUL, COM1 … with any extension, and with spaces before it; the digits of COM and LPT may be
 * superscript.
 */
function isDevice(name: string): boolean {
  const base = name.split('.', 1)[0] ?? '';
  return /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[0-9¹²³])$/i.test(base.trimEnd());
}

/** The shape of the 8.3 names that NTFS and FAT make: `PROGRA~1`, `GIT~1`, `REPORT~2.TXT`. */
function isShortName(name: string): boolean {
  const base = /^([^. ]{1,6}~\d{1,6})(?:\.[^. ]{1,3})?$/u.exec(name)?.[1];
  return base !== undefined && base.length <= 8;
}
