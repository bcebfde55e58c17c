/**
 * A connection without a network: bytes arrive in order, cut anywhere, late,
 * and some not at all when an end is lost. The server's end is a stream as a
 * socket is; the client's end is what a test needs.
 */
import { Duplex } from 'node:stream';
import type { Scope, World } from './world.ts';

/** The client's end. */
export interface Pipe {
  write(text: string): void;
  /** Sends no more, but reads on. */
  endInput(): void;
  /** The line is cut: bytes under way may be lost in both directions. */
  cut(): void;
  /** Stops reading, so that the server's queue grows, or reads on. */
  setStalled(stalled: boolean): void;
  readonly closed: boolean;
}

export interface PipeEvents {
  received(bytes: Buffer): void;
  closed(): void;
}

/** Bytes that lie between a server that writes and a client that does not read. */
const CAPACITY = 2_048;

/** Makes a pipe; `lose` is to be called when the server's process dies. The network's own work belongs to `network`, which outlives it. */
export function createPipe(
  world: World,
  network: Scope,
  events: PipeEvents,
): { pipe: Pipe; socket: Duplex; lose: () => void } {
  const { random } = world;
  let up = Buffer.alloc(0);
  let down = Buffer.alloc(0);
  let inputEnded = false;
  let outputEnded = false;
  let serverGone = false;
  let stalled = false;
  let closed = false;
  let upScheduled = false;
  let downScheduled = false;
  let resumeWriter: (() => void) | null = null;

  const socket = new Duplex({
    allowHalfOpen: true,
    read() {},
    write(chunk: Buffer, _encoding, done) {
      if (closed) {
        done(new Error('the line is cut'));
        return;
      }
      down = Buffer.concat([down, chunk]);
      pumpDown();
      if (down.length < CAPACITY) done();
      else resumeWriter = done;
    },
    final(done) {
      outputEnded = true;
      pumpDown();
      done();
    },
    destroy(error, done) {
      // What a process has handed to the system may still arrive.
      serverGone = true;
      pumpDown();
      done(error);
    },
  });
  // A cut line is no news to anybody but the server's own listener.
  socket.on('error', () => {});

  function takePart(bytes: Buffer): number {
    return random.chance(0.5) ? bytes.length : 1 + random.below(bytes.length);
  }

  function close(): void {
    if (closed) return;
    closed = true;
    events.closed();
  }

  function pumpUp(): void {
    if (upScheduled || closed) return;
    upScheduled = true;
    network.schedule(() => {
      upScheduled = false;
      if (serverGone || closed) return;
      if (up.length > 0) {
        const size = takePart(up);
        socket.push(up.subarray(0, size));
        up = up.subarray(size);
      } else if (inputEnded) {
        socket.push(null);
        return;
      }
      if (up.length > 0 || inputEnded) pumpUp();
    });
  }

  function pumpDown(): void {
    if (downScheduled || closed || stalled) return;
    downScheduled = true;
    network.schedule(() => {
      downScheduled = false;
      if (closed || stalled) return;
      if (down.length > 0) {
        const size = takePart(down);
        const chunk = down.subarray(0, size);
        down = down.subarray(size);
        events.received(chunk);
      } else if (outputEnded || serverGone) {
        close();
        if (!socket.destroyed && !serverGone) socket.destroy();
      }
      if (down.length < CAPACITY && resumeWriter !== null && !serverGone) {
        const resume = resumeWriter;
        resumeWriter = null;
        resume();
      }
      if (down.length > 0 || outputEnded || serverGone) pumpDown();
    });
  }

  const pipe: Pipe = {
    write(text) {
      if (closed || inputEnded) return;
      up = Buffer.concat([up, Buffer.from(text)]);
      pumpUp();
    },
    endInput() {
      inputEnded = true;
      pumpUp();
    },
    cut() {
      if (closed) return;
      // Part of what was under way to the server has arrived there already.
      if (up.length > 0 && random.chance(0.5) && !serverGone) socket.push(up.subarray(0, takePart(up)));
      close();
      network.schedule(() => {
        if (!serverGone) socket.destroy();
      });
    },
    setStalled(now) {
      stalled = now;
      if (!stalled && (down.length > 0 || outputEnded || serverGone)) pumpDown();
    },
    get closed() {
      return closed;
    },
  };

  return {
    pipe,
    socket,
    lose() {
      serverGone = true;
      // The dead process's last bytes: some had left, some had not.
      down = down.subarray(0, random.chance(0.5) ? down.length : random.below(down.length + 1));
      pumpDown();
    },
  };
}
