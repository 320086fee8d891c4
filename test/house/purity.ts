import { bareCode } from './mask.ts';
import { isCode, isTest, lineAt, type Source } from './source.ts';

const AMBIENT =
  /\bDate\.now\b|\bnew Date\(\s*\)|\bMath\.random\b|\bperformance\.|\b(?:globalThis|process|console|crypto)\.|\bset(?:Timeout|Interval|Immediate)\(|\b(?:async|await)\b|\bnew Promise\b|\bPromise\.|\bfetch\(/g;

/** The core decides; clock, randomness, waiting and the world are handed to it as values. */
export function ambientWorld(source: Source): string[] {
  const { path } = source;
  if (!path.startsWith('src/core/') || !isCode(path) || isTest(path)) return [];
  const code = bareCode(source);
  return [...code.matchAll(AMBIENT)].map(
    ({ 0: found, index }) =>
      `${path}:${lineAt(code, index)} uses ${found.trim()}. The core has no clock, randomness, ` +
      'waiting or world: take the value as a parameter.',
  );
}
