import { describe, expect, it } from 'vitest';
import { badNames } from './names.ts';
import { readSources } from './source.ts';

const sources = readSources();

describe('names of files and folders', () => {
  it.each([
    'src/core/textMerge.ts',
    'src/core/Merge.ts',
    'src/core/text_merge.ts',
    'src/client/utils/a.ts',
    'src/server/file-manager.ts',
    'test/shared/a.ts',
    'src/protocol/model.ts',
  ])('may not be like %s', (path) => {
    expect(badNames({ path, text: '' })).toHaveLength(1);
  });

  it.each([
    'src/core/text-merge.ts',
    'src/protocol/contract-models.test.ts',
    'src/core/text-merge.test.ts',
    'src/server/metadata/store.pg.test.ts',
    'test/tsconfig.json',
    'examples/docker/Dockerfile',
    'docs/utilities.md',
  ])('may be like %s', (path) => {
    expect(badNames({ path, text: '' })).toEqual([]);
  });

  it('say something here', () => {
    expect(sources.flatMap(badNames)).toEqual([]);
  });
});
