/** First byte of a whole, final text frame (RFC 6455, section 5.2). */
const TEXT_FRAME = 0x81;

/** Bytes of an unmasked frame's header before a payload of this length. */
function headerLength(payload: number): number {
  if (payload < 126) return 2;
  return payload < 65_536 ? 4 : 10;
}

/**
 * Several messages as WebSocket text frames in one buffer, as a server sends
 * them: unmasked, unfragmented. Whole frames only, so that what the library
 * writes between (pongs, close) can never land inside one.
 */
export function packFrames(messages: readonly string[]): Buffer {
  let size = 0;
  const lengths: number[] = [];
  for (const message of messages) {
    const length = Buffer.byteLength(message);
    lengths.push(length);
    size += headerLength(length) + length;
  }
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  messages.forEach((message, index) => {
    const length = lengths[index] ?? 0;
    bytes[at] = TEXT_FRAME;
    if (length < 126) bytes[at + 1] = length;
    else if (length < 65_536) {
      bytes[at + 1] = 126;
      bytes.writeUInt16BE(length, at + 2);
    } else {
      bytes[at + 1] = 127;
      bytes.writeBigUInt64BE(BigInt(length), at + 2);
    }
    at += headerLength(length);
    at += bytes.write(message, at);
  });
  return bytes;
}
