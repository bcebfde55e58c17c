/**
 * The client library: connection, resume and the unsent queue of the native
 * protocol, for browser and Node. It knows nothing of pages, terminals or how
 * anything is shown, and nothing of the server but the protocol's types.
 */
export { createClient } from './client.ts';
export { TeahouseError, type ClientErrorCode } from './errors.ts';
export { webSocket } from './web-socket.ts';
export type {
  Client,
  ClientEvents,
  ClientOptions,
  ConnectionState,
  Connector,
  Hello,
  HistoryPage,
  Identity,
  Link,
  LinkEvents,
  Person,
  QueueStorage,
  Room,
  RoomRow,
  SendHandle,
  Stored,
  Unsent,
  UnsentState,
  World,
} from './types.ts';
