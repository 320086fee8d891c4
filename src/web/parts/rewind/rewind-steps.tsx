import { iconOf } from '../../file-kind.ts';
import { nameOf } from '../../folder-path.ts';
import { countOf, formatSize } from '../../format.ts';
import { MOST_SHOWN, type Preview } from '../../rewind-preview.ts';
import { changesOf } from '../../time-scale.ts';
import { Icon } from '../icon.tsx';

const WORDS = { create: 'comes back', update: 'changes', move: 'moves', delete: 'goes' } as const;

/** Each node's step; before them, what could not be what it was, or not exactly. */
export const RewindSteps = ({ preview }: { preview: Preview }) => {
  const more = changesOf(preview) - Math.min(preview.steps.length, MOST_SHOWN);
  return (
    <ul className="lines">
      {preview.problems?.map(({ node, path, reason }) => (
        <li key={node}>
          <Icon name="warning" />
          <div className="line-text">
            <p className="ellipsis">{path}</p>
            <p className="problem">{reason}</p>
          </div>
        </li>
      ))}
      {preview.rounded?.map(({ node, path, version }) => (
        <li key={`rounded ${node}`}>
          <Icon name="warning" />
          <div className="line-text">
            <p className="ellipsis">{path}</p>
            <p className="problem">
              Not exactly what it held then: of that time, version {version} is kept
            </p>
          </div>
        </li>
      ))}
      {preview.steps.slice(0, MOST_SHOWN).map((step) => (
        <li key={step.node}>
          <Icon name={iconOf({ kind: step.kind, name: nameOf(step.path) })} />
          <div className="line-text">
            <p className="ellipsis">{step.path}</p>
            {step.old_path !== undefined && (
              <p className="soft small-text ellipsis">now {step.old_path}</p>
            )}
          </div>
          {step.content !== undefined && (
            <span className="soft small-text numbers">{formatSize(step.content.size)}</span>
          )}
          <span className="tag" data-kind={step.operation}>
            {WORDS[step.operation]}
          </span>
        </li>
      ))}
      {more > 0 && <li className="soft">… and {countOf(more, 'more', 'more')}</li>}
    </ul>
  );
};
