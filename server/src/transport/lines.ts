import { isUtf8 } from 'node:buffer';

/** What a chunk of bytes turned out to hold. */
export interface LineHandler {
  /** A whole line, without its line end. */
  line(text: string): void;
  /** A line that is not valid UTF-8; it is refused, never repaired. */
  invalid(): void;
  /** A line longer than the limit; nothing is read after it. */
  tooLong(): void;
}

export interface LineDecoder {
  push(chunk: Uint8Array): void;
}

const LF = 10;
const CR = 13;

/**
 * Cuts bytes into lines (LF, or CRLF) of at most `limit` bytes. Holds at most
 * one unfinished line, so memory is bounded whatever comes.
 */
export function createLineDecoder(limit: number, handler: LineHandler): LineDecoder {
  let rest: Uint8Array[] = [];
  let restBytes = 0;
  let dead = false;

  const emit = (line: string): void => handler.line(line.endsWith('\r') ? line.slice(0, -1) : line);

  /** Lines one by one: the way for a block in which something is wrong. */
  const emitCarefully = (block: Uint8Array): void => {
    let start = 0;
    while (start < block.length && !dead) {
      let end = block.indexOf(LF, start);
      if (end < 0) end = block.length;
      const line = block.subarray(start, end);
      start = end + 1;
      const bytes = line.at(-1) === CR ? line.length - 1 : line.length;
      if (bytes > limit) {
        dead = true;
        handler.tooLong();
      } else if (!isUtf8(line)) handler.invalid();
      else emit(Buffer.from(line.buffer, line.byteOffset, line.length).toString('utf8'));
    }
  };

  const emitBlock = (block: Buffer): void => {
    if (block.length > limit || !isUtf8(block)) {
      emitCarefully(block);
      return;
    }
    const text = block.toString('utf8');
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      emit(text.slice(start, end));
      start = end + 1;
    }
    emit(text.slice(start));
  };

  return {
    push(chunk) {
      if (dead) return;
      const last = chunk.lastIndexOf(LF);
      if (last >= 0) {
        // The block ends before its last line end: `emitBlock` emits what is behind the last LF in it as a line.
        const head = chunk.subarray(0, last);
        const block =
          restBytes > 0
            ? Buffer.concat([...rest, head])
            : Buffer.from(head.buffer, head.byteOffset, head.length);
        rest = [];
        restBytes = 0;
        emitBlock(block);
      }
      const tail = chunk.subarray(last + 1);
      if (tail.length === 0 || dead) return;
      // Copied: the chunk's memory may be the socket's, and many times larger.
      rest.push(Uint8Array.from(tail));
      restBytes += tail.length;
      if (restBytes > limit + 1) {
        dead = true;
        rest = [];
        handler.tooLong();
      } else if (rest.length > 64) {
        rest = [Buffer.concat(rest)];
      }
    },
  };
}
