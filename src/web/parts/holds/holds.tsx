import { useHolds } from '../../api/use-holds.ts';
import { HoldCard } from './hold-card.tsx';

/** What clients ask a person about; nothing, where nobody asks. */
export const Holds = () => {
  const { data = [] } = useHolds();
  if (data.length === 0) return null;
  return (
    <section className="stack" aria-label="Held until you decide">
      <p className="soft">
        So much would be lost at once that it is held until you say whether it was meant. Everything
        else goes on.
      </p>
      <ul className="stack plain">
        {data.map((asking) => (
          <HoldCard key={asking.id} asking={asking} />
        ))}
      </ul>
    </section>
  );
};
