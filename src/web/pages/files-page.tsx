export const FilesPage = () => <p>Files</p>;
