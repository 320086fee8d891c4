import { useMemo, useState } from 'react';
import { type DiffRow, diffRows, type Gap, type Side, withGaps } from '../../diff-rows.ts';
import { countOf } from '../../format.ts';

/** Rows beyond which a page gets slow. */
const MOST = 3_000;

interface Props {
  readonly left: string;
  readonly right: string;
  readonly isWhole: boolean;
}

/** Two texts side by side, with what is far from any change left out until it is asked for. */
export const TextDiff = ({ left, right, isWhole }: Props) => {
  const rows = useMemo(() => withGaps(diffRows(left, right)), [left, right]);
  const [opened, setOpened] = useState<ReadonlySet<Gap>>(new Set());
  const shown = rows.flatMap<DiffRow | Gap>((row) =>
    row.kind === 'gap' && opened.has(row) ? row.rows : [row],
  );
  if (left === right) return <p className="blank">Both hold the same text.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer scrolls it with keys.
    <div className="diff" tabIndex={0}>
      <table>
        <colgroup>
          <col className="line-number" />
          <col />
          <col className="line-number" />
          <col />
        </colgroup>
        <tbody>
          {shown.slice(0, MOST).map((row) => (
            <Row
              key={keyOf(row)}
              row={row}
              onOpen={(gap) => setOpened(new Set([...opened, gap]))}
            />
          ))}
        </tbody>
      </table>
      {(shown.length > MOST || !isWhole) && (
        <p className="soft small-text">They go on: here is only the beginning.</p>
      )}
    </div>
  );
};

const keyOf = (row: DiffRow | Gap): string =>
  row.kind === 'gap'
    ? `gap ${row.rows[0]?.left?.line}`
    : `${row.left?.line ?? '-'} ${row.right?.line ?? '-'}`;

const Row = ({ row, onOpen }: { row: DiffRow | Gap; onOpen: (gap: Gap) => void }) => {
  if (row.kind === 'gap') {
    return (
      <tr className="gap">
        <td colSpan={4}>
          <button type="button" onClick={() => onOpen(row)}>
            Show {countOf(row.rows.length, 'equal line')}
          </button>
        </td>
      </tr>
    );
  }
  return (
    <tr data-kind={row.kind}>
      <Cells side={row.left} which="left" />
      <Cells side={row.right} which="right" />
    </tr>
  );
};

const Cells = ({ side, which }: { side: Side | undefined; which: 'left' | 'right' }) => (
  <>
    <td className="line-number">{side?.line}</td>
    <td className={`line ${which}`} data-missing={side === undefined}>
      {side?.runs.map(({ text, isChanged }, n) => {
        const key = `${n}`;
        if (!isChanged) return <span key={key}>{text}</span>;
        return which === 'left' ? <del key={key}>{text}</del> : <ins key={key}>{text}</ins>;
      })}
    </td>
  </>
);
