import type { Listed } from '../../../protocol/listing.ts';
import { story } from '../../../protocol/story.ts';
import { useConflicts } from '../../api/use-conflicts.ts';
import { useHistory } from '../../api/use-history.ts';
import { linkTo } from '../../place.ts';
import { Busy } from '../busy.tsx';
import { MoreButton } from '../more-button.tsx';
import { Time } from '../time.tsx';

/** Why a file is as it is: what happened to it, in sentences, oldest first, as `syncer-client explain` tells it. */
export const Story = ({ listed: { node, path } }: { listed: Pick<Listed, 'node' | 'path'> }) => {
  const { lines, error, ...query } = useHistory({ node });
  if (error !== null) return <p className="problem">{error.message}</p>;
  if (lines === undefined) return <Busy />;
  return (
    <>
      <MoreButton query={query} what="What was before" />
      <ol className="story">
        {story(lines).map(({ cursor, time, text }) => (
          <li key={cursor}>
            <p className="soft small-text">
              <Time time={time} />
            </p>
            <p>{text}</p>
          </li>
        ))}
      </ol>
      <OpenConflict path={path} />
    </>
  );
};

/** That there is a conflict about it, if so. */
const OpenConflict = ({ path }: { path: string }) => {
  const { data } = useConflicts();
  const conflict = data?.conflicts.find((one) => one.path === path || one.original === path);
  if (conflict === undefined) return null;
  const what =
    conflict.path === path
      ? `What ${conflict.original} holds is the other version.`
      : `There is another version of it, by ${conflict.client}.`;
  return (
    <div className="stack">
      <p>{what} Nobody has said yet which is to stay.</p>
      <p>
        <a className="button small" href={linkTo('conflicts')}>
          Look at both
        </a>
      </p>
    </div>
  );
};
