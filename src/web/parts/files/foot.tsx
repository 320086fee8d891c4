import { useEffect } from 'react';
import type { Listed } from '../../../protocol/listing.ts';
import { countOf, formatSize } from '../../format.ts';
import { announce } from '../announce.ts';

interface Props {
  readonly rows: readonly Listed[];
  /** False: there are more than these, or they are still coming. */
  readonly isWhole: boolean | undefined;
}

/** How much there is. */
export const Foot = ({ rows, isWhole }: Props) => {
  const bytes = rows.reduce((sum, { size }) => sum + (size ?? 0), 0);
  const directories = rows.filter(({ kind }) => kind === 'directory').length;
  const files = rows.length - directories;
  const words = [
    directories > 0 ? countOf(directories, 'directory', 'directories') : '',
    files > 0 ? `${countOf(files, 'file')}, ${formatSize(bytes)}` : '',
  ].filter((word) => word !== '');
  const sentence = words.join(' · ');

  useEffect(() => {
    if (isWhole) announce(sentence === '' ? 'Nothing is here.' : sentence);
  }, [sentence, isWhole]);

  return (
    <p className="foot numbers">
      {sentence}
      {isWhole === false && rows.length > 0 && ' … and more'}
    </p>
  );
};
