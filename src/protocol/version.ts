/**
 * The version of the protocol that this code speaks. A client names the one it speaks when it
 * registers and when it connects; a server that does not speak it answers `unsupported_version`.
 * One that names none speaks only the plain contract.
 *
 * It grows by one with every change that an older side would misread. A change that an older side
 * can ignore (a new optional field in an answer, a new message down) needs no new version, only the
 * new fingerprint in version.test.ts.
 *
 * 1: the first: nodes with ids, commits judged whole, chunks in frames, changes pushed with small
 * contents.
 */
export const PROTOCOL_VERSION = 1;
