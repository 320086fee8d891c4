import { describe, expect, it } from 'vitest';
import { byName, Listing } from './listing.ts';

function listing() {
  const told: string[] = [];
  const one = new Listing((parent) => {
    told.push(`load ${parent}`);
    return byName([
      ['1', 'a'],
      ['2', 'b'],
      ['3', 'a'],
    ]);
  });
  const named = (parent: string, name: string) =>
    one.named(parent, name, () => {
      told.push(`ask ${parent}/${name}`);
      return ['asked'];
    });
  return { one, told, named };
}

describe('the names of a directory that is looked at', () => {
  it('are asked for one by one, until there are many in a row; then all of them are read', () => {
    const { told, named } = listing();
    for (let turn = 0; turn < 7; turn += 1) expect(named('d', 'a')).toEqual(['asked']);
    expect(named('d', 'a')).toEqual(['1', '3']);
    expect([named('d', 'b'), named('d', 'c')]).toEqual([['2'], []]);
    expect(told.filter((one) => one.startsWith('load'))).toEqual(['load d']);
  });

  it('of another directory, or after something was written, are asked for anew', () => {
    const { one, told, named } = listing();
    for (let turn = 0; turn < 8; turn += 1) named('d', 'a');
    expect(named('e', 'a')).toEqual(['asked']);
    for (let turn = 0; turn < 8; turn += 1) named('d', 'a');
    one.forget();
    expect(named('d', 'a')).toEqual(['asked']);
    expect(told.filter((word) => word.startsWith('load'))).toEqual(['load d', 'load d']);
  });
});
