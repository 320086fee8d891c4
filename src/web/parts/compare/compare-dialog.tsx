import { Dialog } from '../dialog.tsx';
import { Compare, type ComparedSide } from './compare.tsx';

interface Props {
  readonly title: string;
  readonly left: ComparedSide;
  readonly right: ComparedSide;
  readonly name: string;
  readonly onClose: () => void;
}

const CompareDialog = ({ title, onClose, ...sides }: Props) => (
  <Dialog title={title} isLarge onClose={onClose}>
    <Compare {...sides} />
  </Dialog>
);

export default CompareDialog;
