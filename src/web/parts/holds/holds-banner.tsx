import { useHolds } from '../../api/use-holds.ts';
import { askingText } from '../../hold-text.ts';
import { linkTo } from '../../place.ts';
import { Icon } from '../icon.tsx';

/** The page on which a person decides. */
const PLACE = 'clients';

/** On every page: that somebody is asked something. */
export const HoldsBanner = ({ current }: { current: string }) => {
  const { data = [] } = useHolds();
  const [first] = data;
  if (first === undefined || current === PLACE) return null;
  const more = data.length - 1;
  return (
    <aside className="card warning banner" aria-label="Held until you decide">
      <Icon name="warning" />
      <p>
        {askingText(first).what}
        {more > 0 && `, and ${more} more`}. It is held until you decide.
      </p>
      <a className="button small" href={linkTo(PLACE)}>
        Look and decide
      </a>
    </aside>
  );
};
