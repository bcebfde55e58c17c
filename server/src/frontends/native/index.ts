/**
 * The native protocol on TCP and WebSocket: decodes requests, runs them by the
 * table of commands, and encodes what comes back. Knows chat and transport; no
 * store and no other front end.
 */
export { serveTcp } from './tcp.ts';
export { createWebSockets, type WebSockets } from './websocket.ts';
export type { NativeOptions } from './options.ts';
