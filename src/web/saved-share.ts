/** Of the size of all files, how much their storing saves: equal chunks are stored once, and compressed. From 0 to 1; 0 also when the history takes more than is saved. */
export const savedShare = (stats: {
  readonly bytes: number;
  readonly stored_bytes: number;
}): number => (stats.bytes === 0 ? 0 : Math.max(0, 1 - stats.stored_bytes / stats.bytes));
