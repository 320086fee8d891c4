import type { Listed } from '../../../protocol/listing.ts';
import { archiveAddress, downloadAddress } from '../../api/address.ts';

export const addressFor = ({ kind, path }: Pick<Listed, 'kind' | 'path'>): string =>
  kind === 'directory' ? archiveAddress(path) : downloadAddress(path);

/** Has the browser save them; directories as zips. Symlinks hold nothing to save. */
export function download(chosen: readonly Listed[]): void {
  const files = chosen.filter(({ kind }) => kind !== 'symlink');
  files.forEach((each, n) => {
    // Browsers drop what comes all at once.
    setTimeout(() => {
      const link = document.createElement('a');
      link.href = addressFor(each);
      link.download = '';
      link.click();
    }, n * 400);
  });
}
