/**
 * Bytes in, bytes out: listeners, lines, the outbox. Knows sockets and
 * nothing of rooms, people or any protocol's words.
 */
export { createLineDecoder, type LineDecoder, type LineHandler } from './lines.ts';
export { createOutbox, type Outbox, type Pack } from './outbox.ts';
export { isHttpRequest } from './http-request.ts';
