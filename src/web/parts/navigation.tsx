import { useConflicts } from '../api/use-conflicts.ts';
import { PAGES } from '../pages/pages.ts';
import { linkTo } from '../place.ts';
import { Icon } from './icon.tsx';
import { LiveBadge } from './live-badge.tsx';

/** On a phone not all pages are in sight. */
const bringIntoSight = (link: HTMLElement | null): void =>
  link?.scrollIntoView({ block: 'nearest', inline: 'center' });

export const Navigation = ({ current }: { current: string }) => {
  const conflicts = useConflicts();
  const count = conflicts.data?.conflicts.length ?? 0;
  return (
    <nav className="navigation" aria-label="Pages">
      <a className="brand" href={linkTo('files')} aria-label="Syncer: your files">
        <img src="./icon.svg" alt="" width="28" height="28" />
        <span>Syncer</span>
      </a>
      <ul>
        {PAGES.map(({ id, title, icon }) => (
          <li key={id}>
            <a
              href={linkTo(id)}
              aria-current={id === current ? 'page' : undefined}
              ref={id === current ? bringIntoSight : undefined}
            >
              <Icon name={icon} />
              <span>{title}</span>
              {id === 'conflicts' && count > 0 && (
                <span className="count">
                  {count}
                  <span className="hidden"> to settle</span>
                </span>
              )}
            </a>
          </li>
        ))}
      </ul>
      <LiveBadge />
    </nav>
  );
};
