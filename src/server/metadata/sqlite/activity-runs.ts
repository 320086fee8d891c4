/** Cursors in one run. Like all here, it is a part of the schema, and so never changed. */
export const RUN = 500;

/** Whether a record brought a content: not where it only moved, or got another time. `of`: where its columns are. */
export const brought = (of = ''): string =>
  `(${of}after_kind = 'file' AND (${of}after_checksum IS NOT ${of}before_checksum
    OR ${of}after_size IS NOT ${of}before_size))`;

/** What records amount to, as columns. */
export const COUNTS = `
  count(*) FILTER (WHERE operation = 'create') AS creates,
  count(*) FILTER (WHERE operation = 'update') AS updates,
  count(*) FILTER (WHERE operation = 'move') AS moves,
  count(*) FILTER (WHERE operation = 'delete') AS deletes,
  coalesce(sum(after_size) FILTER (WHERE ${brought()}), 0) AS bytes`;

/** The rows of the table `activity` for records. `which`: a WHERE clause. */
export const runsOf = (which: string): string => `
SELECT folder, cursor / ${RUN} AS run, min(time) AS first, max(time) AS last, ${COUNTS}
FROM changes ${which} GROUP BY folder, cursor / ${RUN}`;
