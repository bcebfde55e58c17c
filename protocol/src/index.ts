/**
 * The native protocol: one JSON object per message, the same on every
 * transport. This folder is the one source of its schema, types, limits and
 * error codes; it knows nothing of the server or of any client.
 */
export { LIMITS, PROTOCOL_VERSION } from './limits.ts';
export { ERRORS, type ErrorCode } from './errors.ts';
export { ENTRY_KINDS, type EntryKind } from './kinds.ts';
export type { EntryOf, WireEntry } from './entries.ts';
export type { EventOf, EventType, WireEvent } from './events.ts';
export type { Request, RequestOf, RequestType } from './requests.ts';
export type { AnswerOf, ErrorAnswer } from './answers.ts';
