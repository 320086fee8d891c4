import { contentAddress } from '../api/address.ts';
import { useObjectUrl } from '../api/use-object-url.ts';
import { extensionOf } from '../folder-path.ts';
import { Busy } from './busy.tsx';

interface Props {
  readonly checksum: string;
  /** Of the file. */
  readonly name: string;
  readonly alt: string;
}

/** A picture. One of the kind SVG may hold scripts, so the server calls it a text; in an `img` nothing of it runs. */
export const Picture = (props: Props) =>
  extensionOf(props.name) === 'svg' ? (
    <Drawing {...props} />
  ) : (
    <img src={contentAddress(props.checksum, props.name)} alt={props.alt} />
  );

const Drawing = ({ checksum, name, alt }: Props) => {
  const { address, error } = useObjectUrl({
    checksum,
    name,
    type: 'image/svg+xml',
    isWanted: true,
  });
  if (error !== null) return <p className="problem">{error.message}</p>;
  return address === undefined ? <Busy /> : <img src={address} alt={alt} />;
};
