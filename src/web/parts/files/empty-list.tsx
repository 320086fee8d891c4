import { Busy } from '../busy.tsx';
import { Icon } from '../icon.tsx';
import { NotShown } from '../not-shown.tsx';

export interface ListQuery {
  readonly isLoading: boolean;
  readonly error: Error | null;
  readonly refetch: () => unknown;
}

/** Why there are no rows. */
export const EmptyList = ({ query, isSearch }: { query: ListQuery; isSearch: boolean }) => {
  if (query.isLoading) return <Busy />;
  if (query.error !== null) return <NotShown error={query.error} again={query.refetch} />;
  return isSearch ? (
    <div className="blank">
      <Icon name="search" />
      <h2>Nothing has such a name</h2>
      <p>Names of files and directories are searched, in the whole folder.</p>
    </div>
  ) : (
    <div className="blank">
      <Icon name="directory" />
      <h2>Nothing is here yet</h2>
      <p>Drop files here, or press Upload. Every client gets them at once.</p>
    </div>
  );
};
