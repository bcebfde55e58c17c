/** The kinds of entries that exist in this edition of the protocol. */
export const ENTRY_KINDS = [
  'message',
  'edit',
  'delete',
  'topic',
  'nick',
  'enter',
  'leave',
  'moderation',
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];
