import { FilesIn } from '../parts/files/files-in.tsx';
import { usePlace } from '../place.ts';

/** One directory; another is another: nothing that was chosen or typed stays. */
export const FilesPage = () => {
  const { path, query } = usePlace();
  return <FilesIn key={path} path={path} open={query.get('open') ?? undefined} />;
};
