import { useListing } from '../../api/use-listing.ts';
import { sortListed } from '../../sort-listed.ts';
import { Busy } from '../busy.tsx';
import { Icon } from '../icon.tsx';
import { Breadcrumbs } from './breadcrumbs.tsx';

/** More are found by their names on the files page. */
const MOST = 500;

interface Props {
  readonly path: string;
  readonly onGo: (path: string) => void;
}

/** Walks through directories, and through nothing else. */
export const DirectoryPicker = ({ path, onGo }: Props) => {
  const { data, error } = useListing(path);
  const directories = sortListed(
    (data?.children ?? []).filter(({ kind }) => kind === 'directory'),
    { by: 'name', isDescending: false },
  );
  return (
    <div className="picker">
      <Breadcrumbs path={path} onGo={onGo} />
      {data === undefined && error === null && <Busy />}
      {error !== null && <p className="problem">{error.message}</p>}
      <ul>
        {directories.slice(0, MOST).map((each) => (
          <li key={each.node}>
            <button type="button" onClick={() => onGo(each.path)}>
              <Icon name="directory" />
              <span className="ellipsis">{each.name}</span>
              <Icon name="right" />
            </button>
          </li>
        ))}
        {data !== undefined && directories.length === 0 && (
          <li className="soft">There are no directories in here.</li>
        )}
      </ul>
    </div>
  );
};
