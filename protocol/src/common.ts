import { Type } from 'typebox';
import { LIMITS } from './limits.ts';

/** Fields that several messages share. Lengths count code points here; limits in bytes are checked by the server and named in its error. */
export const requestId = Type.String({
  maxLength: LIMITS.idLength,
  description: "Of the client's choosing; the answer carries the same.",
});
export const roomName = Type.String({
  minLength: 1,
  maxLength: LIMITS.roomBytes,
  description: 'The name of a room.',
});
export const nickname = Type.String({
  maxLength: LIMITS.lineBytes,
  description: 'A nickname: 1 to 32 grapheme clusters, at most 96 bytes.',
});
export const seq = Type.Integer({
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'The position of an entry in its room, rising by one.',
});
export const position = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'A seq, or 0 for before the first entry.',
});
export const time = Type.String({ maxLength: 40, description: 'RFC 3339, UTC, milliseconds.' });
export const text = Type.String({
  maxLength: LIMITS.lineBytes,
  description: 'At most 16 KiB of UTF-8. CRLF becomes LF; NUL and lone surrogates are refused.',
});
export const topicText = Type.String({
  maxLength: LIMITS.lineBytes,
  description: 'At most 1 KiB of UTF-8, one line.',
});
export const key = Type.String({
  minLength: 1,
  maxLength: LIMITS.keyLength,
  description: 'Makes a send idempotent for 24 h, per person and room.',
});
export const logIdentity = Type.String({
  maxLength: 64,
  description: 'The identity of the store, as told in hello.',
});

export const person = Type.Object({
  id: Type.String({ maxLength: 64, description: 'Opaque, for life.' }),
  nick: Type.String({ maxLength: LIMITS.nickBytes, description: 'What the person is or was called.' }),
});
