import { useState } from 'react';
import type { ConflictCopy } from '../../../protocol/conflict.ts';
import { settle } from '../../api/actions.ts';
import { useHeld } from '../../api/use-held.ts';
import { fileKind } from '../../file-kind.ts';
import { nameOf } from '../../folder-path.ts';
import { Answered } from '../answered.tsx';
import { Compare } from '../compare/compare.tsx';
import { attempt } from '../toaster.tsx';
import { MergeEditor } from './merge-editor.tsx';

const NO_TEXTS = new Set(['image', 'audio', 'video', 'pdf', 'archive']);

/** The two versions side by side, and what can be done about them. */
export const Conflict = ({ conflict: { path, original, client } }: { conflict: ConflictCopy }) => {
  const [isMerging, setMerging] = useState(false);
  const [kept, copy] = [useHeld(original), useHeld(path)];
  const name = nameOf(original);
  const keep = (what: 'original' | 'copy' | 'both') => () =>
    attempt('It could not be settled', () => settle(path, what));
  return (
    <Answered query={kept.error || kept.isPending ? kept : copy}>
      {kept.data && copy.data ? (
        isMerging ? (
          <MergeEditor
            {...{ path, original }}
            left={kept.data}
            right={copy.data}
            onClose={() => setMerging(false)}
          />
        ) : (
          <Compare
            name={name}
            left={{ title: 'What has the name', content: kept.data }}
            right={{ title: `The copy, by ${client}`, content: copy.data }}
          />
        )
      ) : (
        <p className="soft">
          {copy.data ? 'The version that had the name is gone.' : 'This copy is no file.'}
        </p>
      )}
      {!isMerging && (
        <div className="row">
          <button type="button" className="button" onClick={keep('original')}>
            Keep the left
          </button>
          <button type="button" className="button" onClick={keep('copy')}>
            Keep the right
          </button>
          <button type="button" className="button" onClick={keep('both')}>
            Keep both
          </button>
          {kept.data && copy.data && !NO_TEXTS.has(fileKind(name)) && (
            <button type="button" className="button primary" onClick={() => setMerging(true)}>
              Merge them
            </button>
          )}
        </div>
      )}
    </Answered>
  );
};
