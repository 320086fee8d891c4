import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { readExact } from '../../api/read-text.ts';
import { type Base, useBases } from '../../api/use-bases.ts';
import { formatMoment } from '../../format.ts';
import { likelyBase } from '../../likely-base.ts';
import { Busy } from '../busy.tsx';
import { MergedText } from './merged-text.tsx';

interface Content {
  readonly checksum: string;
  readonly size: number;
}

interface Props {
  /** Of the conflict copy. */
  readonly path: string;
  readonly original: string;
  readonly left: Content;
  readonly right: Content;
  readonly onClose: () => void;
}

/** Makes one text of two, as they are now: what is saved meanwhile is not written over, but told. */
export const MergeEditor = (props: Props) => {
  const [{ left, right }] = useState(props);
  const { path, original, onClose } = props;
  const [kept, copy] = [useExact(left), useExact(right)];
  const not = [left.checksum, right.checksum];
  const bases = useBases({ path, original, not });
  const error = kept.error ?? copy.error;
  if (error !== null) return <p className="problem">{error.message}</p>;
  if (kept.isPending || copy.isPending || bases.isPending) return <Busy />;
  const [a, b] = [kept.data?.text, copy.data?.text];
  if (a === undefined || b === undefined) {
    return <p className="problem">These are no texts that can be merged here.</p>;
  }
  const merged = { original: left.checksum, copy: right.checksum };
  return <WithBase {...{ path, merged, onClose }} left={a} right={b} bases={bases.data ?? []} />;
};

const useExact = (content: Content) =>
  useQuery({
    queryKey: ['exact', content.checksum],
    queryFn: async ({ signal }) => ({ text: await readExact(content, signal) }),
    staleTime: Number.POSITIVE_INFINITY,
  });

interface WithBaseProps {
  readonly path: string;
  readonly merged: { readonly original: string; readonly copy: string };
  readonly left: string;
  readonly right: string;
  /** The oldest first. */
  readonly bases: readonly Base[];
  readonly onClose: () => void;
}

/** What both were made from is most likely known; a person may know better. */
const WithBase = ({ bases, ...props }: WithBaseProps) => {
  const [chosen, setChosen] = useState(() => likelyBase(bases, props)?.cursor);
  const base = bases.find(({ cursor }) => cursor === chosen);
  return (
    <div className="stack">
      {bases.length > 0 && (
        <label className="field">
          <span>Both were made from</span>
          <select
            className="select"
            value={chosen ?? ''}
            onChange={({ target: { value } }) => setChosen(value === '' ? undefined : +value)}
          >
            {bases.toReversed().map(({ cursor, time, client }) => (
              <option key={cursor} value={cursor}>
                the version of {formatMoment(Date.parse(time))}, by {client}
              </option>
            ))}
            <option value="">I don’t know: ask me everywhere</option>
          </select>
        </label>
      )}
      <MergedText key={chosen} {...props} base={base?.text} />
    </div>
  );
};
