/** In bytes, of Linux, and the least of all systems. */
const LONGEST = 255;

/** `report.txt` with ` (mark)` before its ending; shortened where the two together are too long for a file system. */
export function markName(name: string, mark: string, isDirectory: boolean): string {
  const dot = isDirectory ? -1 : name.lastIndexOf('.');
  const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  const letters = [...stem];
  while (letters.length > 1 && Buffer.byteLength(letters.join('') + mark + extension) > LONGEST) {
    letters.pop();
  }
  return letters.join('') + mark + extension;
}
