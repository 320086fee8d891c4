import { posix } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkTarget, LINK_PROBLEMS, type LinkProblem } from './link.ts';

const TAKEN: readonly (readonly [place: string, target: string])[] = [
  ['link', 'file'],
  ['link', 'dir/file'],
  ['link', './file'],
  ['link', '.'],
  ['link', 'dir/'],
  ['link', 'dir//file'],
  ['link', '...'],
  ['link', '..a'],
  ['link', 'link'],
  ['link', 'absent'],
  ['a/link', '../file'],
  ['a/link', '..'],
  ['a/link', './../file'],
  ['a/b/link', '../../file'],
  ['a/b/link', '../..'],
  ['a/b/link', '.././../c'],
  ['a/link', 'Übersicht 日本'],
  ['link', 'x'.repeat(247)],
  ['link', '.syncignore'],
];

const REFUSED: readonly (readonly [string, string, string, LinkProblem])[] = [
  ['C24', 'link', '/etc/passwd', 'absolute'],
  ['C24', 'link', '/', 'absolute'],
  ['C24', 'link', '//server/share', 'absolute'],
  ['C24', 'link', '..', 'escapes'],
  ['C24', 'link', '../x', 'escapes'],
  ['C24', 'link', './../x', 'escapes'],
  ['C24', 'a/link', '../../x', 'escapes'],
  ['C24', 'a/b/link', '../../../x', 'escapes'],
  ['C24', 'a/b/link', '..//.././../x', 'escapes'],
  ['F06', 'a/link', 'b/../x', 'winding'],
  ['F06', 'link', 'a/../../x', 'winding'],
  ['F06', 'a/link', '../b/..', 'winding'],
  ['F06', 'link', 'C:', 'character'],
  ['F06', 'link', 'C:/Windows', 'character'],
  ['F06', 'link', 'a:b', 'character'],
  ['F06', 'link', '..\\x', 'character'],
  ['F06', 'link', '\\\\server\\share', 'character'],
  ['F06', 'link', 'a\u0000b', 'character'],
  ['F06', 'link', 'a\nb', 'character'],
  ['F06', 'link', 'a\u009bb', 'character'],
  ['F06', 'link', '', 'empty'],
  ['F04', 'link', '\ud800', 'not-text'],
  ['F06', 'link', 'x'.repeat(248), 'too-long'],
  ['C38', 'link', '.syncer', 'internal'],
  ['C38', 'link', '.syncer/staging', 'internal'],
  ['C38', 'a/link', '../.SYNCER/x', 'internal'],
  ['C38', 'link', 'a/SYNCER~1', 'internal'],
  ['C38', 'link', '.sync\u200cer', 'internal'],
];

const names = (place: string): string[] => place.split('/');

describe('checkTarget', () => {
  it.each(TAKEN)('[C23] %s may lead to %j', (place, target) => {
    expect(checkTarget(names(place), target)).toBeUndefined();
  });

  it.each(REFUSED)('[%s] %s must not lead to %j', (...[, place, target, problem]) => {
    expect(checkTarget(names(place), target)).toBe(problem);
    expect(LINK_PROBLEMS[problem]).toMatch(/^The target of a link .*\.$/);
  });

  it('[F06] two links that are each taken cannot lead outside together', () => {
    // `up` is fine by itself, so `up/../secret` has to be refused wherever `up` may lead.
    expect(checkTarget(['a', 'b', 'up'], '../..')).toBeUndefined();
    expect(checkTarget(['link'], 'a/b/up/../secret')).toBe('winding');
  });

  it('[C24] what is taken stays inside, whatever the text', () => {
    const part = fc.constantFrom('..', '.', '', 'a', 'b', '/', '\\', ':', '.syncer');
    const place = fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(place, fc.array(part, { maxLength: 8 }), (link, parts) => {
        const target = parts.join('/');
        if (checkTarget(link, target) !== undefined) return;
        const end = posix.normalize(posix.join(...link, '..', target));
        expect(posix.isAbsolute(target) || end === '..' || end.startsWith('../')).toBe(false);
      }),
      { numRuns: 5000 },
    );
  });
});
