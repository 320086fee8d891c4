/**
 * Every bound of the wire, once. Sizes are bytes, times milliseconds, unless the name says
 * otherwise.
 */

const KiB = 1024;
const MiB = 1024 * KiB;

/** No request body is larger, so that any proxy between lets it pass. */
export const MAX_REQUEST = 16 * MiB;
/** But for the listing of a whole folder by `POST /sync`, which cannot be cut. */
export const MAX_SYNC_REQUEST = 64 * MiB;
export const MAX_SYNC_FILES = 1_000_000;
/** One WebSocket message, either way. */
export const MAX_MESSAGE = MiB;

export const MAX_COMMIT_CHANGES = 10_000;
/** Contents that a merged one was made of, beside the version that it replaces. */
export const MAX_MERGED_FROM = 8;
/** Characters of a text that settles a conflict. */
export const MAX_MERGED_TEXT = 4 * MiB;
/** Changes in one page of `GET /v1/changes`: at most, and when nobody says. */
export const MAX_PAGE_CHANGES = 20_000;
export const PAGE_CHANGES = 5_000;
/** Hashes in one question. */
export const MAX_HASHES = 10_000;
export const MAX_CHECKSUMS = 1_000;
/** Contents by whose manifests a client wants others to be told. */
export const MAX_BASES = 16;
/** Contents that are named for one chunk that the server wants back. */
export const MAX_WANTED_CONTENTS = 16;
/** Chunks of one content. */
export const MAX_MANIFEST_CHUNKS = 65_536;
/** Lines of the history or the audit log in one answer: at most, and when nobody says. */
export const MAX_LINES = 1_000;
export const LINES = 100;

/** Clients in one answer about who is behind. */
export const MAX_LAGGING = 100;

/** One chunk, before and after encoding. */
export const MAX_CHUNK = 16 * MiB;
/** A content so small that it travels inside a commit or a `file_changed`. */
export const MAX_INLINE = 64 * KiB;

/**
 * Characters of one name; bytes are for the server to judge, which refuses one change and not all.
 */
export const MAX_NAME = 255;
/** Characters of a path, or of the target of a symlink. */
export const MAX_PATH = 4096;
export const MAX_CLIENT_NAME = 50;
export const MAX_CLIENT_ID = 128;
export const MIN_API_KEY = 8;
export const MAX_API_KEY = 256;

/** Between two heartbeats, unless the configuration says otherwise. */
export const HEARTBEAT = 30_000;
/** Heartbeats that may fail to come before a connection counts as dead. */
export const MISSED_HEARTBEATS = 3;
/** From the opening of a WebSocket to its `client_connect`. */
export const CONNECT_DEADLINE = 5_000;
/** Masses that one client can hold at a time, one of each sort; and paths that stand for one. */
export const MAX_HOLDS = 4;
export const MAX_EXAMPLES = 10;
/** Chunks that no commit has used are kept this long. */
export const UNUSED_CHUNKS_KEPT = 24 * 60 * 60 * 1000;
/** Changes of several clients to one file within this time may be a conflict. */
export const CONTESTED_WITHIN = 60 * 60 * 1000;
