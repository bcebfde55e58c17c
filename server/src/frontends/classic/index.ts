/**
 * What the two classic front ends share: a guest who cannot come back, with
 * the limits before login; lines taken one after the other; sending that waits
 * instead of dropping. Knows chat, and nothing of either protocol's words.
 */
export { createGuest, type Guest } from './guest.ts';
export { createInbox, type Inbox } from './inbox.ts';
export type { ClassicOptions } from './options.ts';
export { createQuiet, type Quiet } from './quiet.ts';
export { createSpeaker, type Speaker } from './speaker.ts';
