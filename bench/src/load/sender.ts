/** Somebody who sends as fast as the answers come back, with a window of sends that are under way. */
import { headerBytes, maskAt } from './frames.ts';
import { frame, type Peer, type Transport } from './peer.ts';

export interface Sender {
  /** Sends so far. */
  readonly sent: number;
  /** Sends that were answered `ok`. */
  readonly acknowledged: number;
  /** Sends this many, in one write. */
  send(count: number): void;
  /** Called after a chunk that brought answers. */
  onAnswers: ((count: number) => void) | null;
  /** Called with an answer that was an error. */
  onError: ((line: string) => void) | null;
}

export interface SenderOptions {
  /** 0 to 99: stands at the head of each text, so that whoever reads can check each sender's order. */
  readonly index: number;
  readonly room: string;
  readonly texts: readonly string[];
  /** Whether each send carries a key. */
  readonly keys: boolean;
}

const DIGITS = 8;
/** Length of `SS:NNNNNNNN `, which each text begins with. */
export const TAG_BYTES = 3 + DIGITS + 1;

const O = 0x6f;
const K = 0x6b;
const E = 0x65;
const R = 0x72;

/** Takes over a connection that is in the room. */
export function createSender(peer: Peer, options: SenderOptions): Sender {
  const templates = options.texts.map((text) => prepare(peer.transport, options, text));
  let sent = 0;
  let acknowledged = 0;
  let answers = 0;
  const sender: Sender = {
    get sent() {
      return sent;
    },
    get acknowledged() {
      return acknowledged;
    },
    onAnswers: null,
    onError: null,
    send(count) {
      let size = 0;
      for (let i = 0; i < count; i++) size += templateOf(templates, sent + i).bytes.length;
      const out = Buffer.allocUnsafe(size);
      let at = 0;
      for (let i = 0; i < count; i++) {
        const template = templateOf(templates, sent);
        out.set(template.bytes, at);
        for (const digits of template.digitsAt) writeNumber(out, at, digits, sent);
        at += template.bytes.length;
        sent++;
      }
      peer.write(out);
    },
  };
  peer.onPayload = (buffer, start, end) => {
    // `{"type":"ok"` and `{"type":"error"`, told from `{"type":"message"` by two bytes: this runs for each delivery.
    const first = buffer[start + 9];
    const second = buffer[start + 10];
    if (first === O && second === K) answers++;
    else if (first === E && second === R) sender.onError?.(buffer.toString('utf8', start, end));
  };
  peer.onChunk = () => {
    if (answers === 0) return;
    const count = answers;
    answers = 0;
    acknowledged += count;
    sender.onAnswers?.(count);
  };
  return sender;
}

interface Template {
  readonly bytes: Buffer;
  readonly digitsAt: readonly Digits[];
}

/** Where a number stands: in the frame, and in the payload (which decides its mask; -1 without mask). */
interface Digits {
  readonly inFrame: number;
  readonly inPayload: number;
}

function templateOf(templates: readonly Template[], index: number): Template {
  const template = templates[index % templates.length];
  if (template === undefined) throw new Error('a sender needs texts');
  return template;
}

function prepare(transport: Transport, options: SenderOptions, text: string): Template {
  const tag = String(options.index).padStart(2, '0');
  const blank = '#'.repeat(DIGITS);
  const payload = JSON.stringify({
    type: 'send',
    id: 's',
    room: options.room,
    text: `${tag}:${blank} ${text}`,
    ...(options.keys ? { key: `${tag}-${blank}` } : {}),
  });
  const plain = Buffer.from(payload);
  const header = transport === 'ws' ? headerBytes(plain.length) : 0;
  const digitsAt: Digits[] = [];
  for (let at = plain.indexOf(blank); at >= 0; at = plain.indexOf(blank, at + DIGITS)) {
    digitsAt.push({ inFrame: header + at, inPayload: transport === 'ws' ? at : -1 });
  }
  return { bytes: frame(transport, payload), digitsAt };
}

function writeNumber(out: Buffer, base: number, digits: Digits, number: number): void {
  for (let i = DIGITS - 1; i >= 0; i--) {
    const digit = 48 + (number % 10);
    out[base + digits.inFrame + i] = digits.inPayload < 0 ? digit : digit ^ maskAt(digits.inPayload + i);
    number = Math.floor(number / 10);
  }
}
