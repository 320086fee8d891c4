import type { ReactNode } from 'react';
import { Busy } from './busy.tsx';
import { Icon, type IconName } from './icon.tsx';
import { NotShown } from './not-shown.tsx';

interface Props {
  readonly query: {
    readonly isPending: boolean;
    readonly error: Error | null;
    readonly refetch: () => unknown;
  };
  readonly isEmpty?: boolean;
  readonly icon?: IconName;
  /** What is said when there is nothing. */
  readonly nothing?: string;
  /** What goes on until it is there. */
  readonly busy?: string;
  readonly children: ReactNode;
}

/** What was asked for; until it is there, or when it is not, a word in its place. */
export const Answered = (props: Props) => {
  const { query, isEmpty = false, icon = 'check', nothing, busy, children } = props;
  if (query.error !== null) return <NotShown error={query.error} again={query.refetch} />;
  if (query.isPending) return <Busy {...(busy !== undefined && { what: busy })} />;
  if (!isEmpty) return children;
  return (
    <div className="blank">
      <Icon name={icon} />
      <h2>{nothing}</h2>
    </div>
  );
};
