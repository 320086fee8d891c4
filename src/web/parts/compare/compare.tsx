import { useText } from '../../api/read-text.ts';
import { fileKind } from '../../file-kind.ts';
import { formatSize } from '../../format.ts';
import { Busy } from '../busy.tsx';
import { Picture } from '../picture.tsx';
import { TextDiff } from './text-diff.tsx';

export interface ComparedSide {
  readonly title: string;
  readonly content: { readonly checksum: string; readonly size: number };
}

export interface ComparedProps {
  readonly left: ComparedSide;
  readonly right: ComparedSide;
  /** Of the file: it says how it is shown. */
  readonly name: string;
}

/** Two contents side by side. */
export const Compare = (props: ComparedProps) => {
  const { left, right, name } = props;
  return (
    <div className="compare">
      <div className="compare-heads">
        <Head side={left} />
        <Head side={right} />
      </div>
      {fileKind(name) === 'image' ? <Pictures {...props} /> : <Texts {...props} />}
    </div>
  );
};

const Head = ({ side: { title, content } }: { side: ComparedSide }) => (
  <p>
    <strong>{title}</strong> <span className="soft">{formatSize(content.size)}</span>
  </p>
);

const Pictures = ({ left, right, name }: ComparedProps) => (
  <div className="compare-pictures">
    <Picture checksum={left.content.checksum} name={name} alt={left.title} />
    <Picture checksum={right.content.checksum} name={name} alt={right.title} />
  </div>
);

const Texts = ({ left, right }: ComparedProps) => {
  const [old, fresh] = [useText(left.content), useText(right.content)];
  const error = old.error ?? fresh.error;
  if (error !== null) return <p className="problem">{error.message}</p>;
  if (old.data === undefined || fresh.data === undefined) return <Busy />;
  if (old.data.text === undefined || fresh.data.text === undefined) {
    const isSame = left.content.checksum === right.content.checksum;
    return (
      <p className="blank">
        {isSame
          ? 'Both hold the same bytes.'
          : 'They differ, and are no texts that could be shown.'}
      </p>
    );
  }
  return (
    <TextDiff
      left={old.data.text}
      right={fresh.data.text}
      isWhole={old.data.isWhole && fresh.data.isWhole}
    />
  );
};
