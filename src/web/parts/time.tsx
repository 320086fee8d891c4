import { formatAgo, formatExact } from '../format.ts';
import { useNow } from './use-now.ts';

/** When something was, as one says it; exactly, when one asks. */
export const Time = ({ time }: { time: string }) => {
  const now = useNow();
  return (
    <time dateTime={time} title={formatExact(Date.parse(time))}>
      {formatAgo(time, now)}
    </time>
  );
};
