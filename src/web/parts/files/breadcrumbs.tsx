import { Fragment } from 'react';
import { nameOf, waysTo } from '../../folder-path.ts';
import { linkTo } from '../../place.ts';
import { Icon } from '../icon.tsx';

interface Props {
  readonly path: string;
  /** Where a step leads; on the files page, when it is not given. */
  readonly onGo?: (path: string) => void;
}

/** The way to a directory: each step leads there. */
export const Breadcrumbs = ({ path, onGo }: Props) => (
  <nav className="breadcrumbs" aria-label="Way to this directory">
    {['', ...waysTo(path)].map((way) => (
      <Fragment key={way}>
        {way !== '' && <Icon name="right" />}
        <Crumb way={way} isLast={way === path} {...(onGo && { onGo })} />
      </Fragment>
    ))}
  </nav>
);

const Crumb = ({ way, isLast, onGo }: { way: string; isLast: boolean; onGo?: Props['onGo'] }) => {
  const name = way === '' ? 'All files' : nameOf(way);
  const current = isLast ? ('page' as const) : undefined;
  return onGo === undefined ? (
    <a href={linkTo('files', way)} aria-current={current}>
      {name}
    </a>
  ) : (
    <button type="button" onClick={() => onGo(way)} aria-current={current}>
      {name}
    </button>
  );
};
