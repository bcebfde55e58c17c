import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';

import { createLineSink } from './line-sink.ts';

const skip = process.platform === 'win32' ? 'there are no named pipes in the file system' : false;

describe('the sink of the log', { skip }, () => {
  let folder: string;
  let reader: number;
  let writer: number;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'teahouse-sink-'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    reader = openSync(join(folder, 'pipe'), constants.O_RDONLY | constants.O_NONBLOCK);
    writer = openSync(join(folder, 'pipe'), 'w');
  });
  afterEach(() => {
    closeSync(writer);
    rmSync(folder, { recursive: true });
  });

  /** Reads until the sink has written all. */
  async function drain(flushed: Promise<void>): Promise<string> {
    let text = '';
    let done = false;
    void flushed.then(() => (done = true));
    const chunk = Buffer.alloc(65_536);
    for (;;) {
      const last = done;
      try {
        text += chunk.toString('latin1', 0, readSync(reader, chunk));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
        if (last) return text;
      }
      await new Promise(setImmediate);
    }
  }

  test('F11 a reader that has stopped reading halts nobody, and costs a bounded queue', async () => {
    const sink = createLineSink(writer);
    const line = `${'x'.repeat(999)}\n`;
    const before = performance.now();
    for (let index = 0; index < 5000; index += 1) sink.write(line);
    assert.ok(performance.now() - before < 1000, 'writing waited for the reader');
    const first = await drain(sink.flush());
    assert.ok(first.length > 900_000 && first.length < 1_300_000, `${first.length} bytes were kept`);
    sink.write('after\n');
    const rest = await drain(sink.flush());
    assert.match(rest, /^\(\d+ lines were lost, because nothing read them\)\nafter\n$/);
    const lost = Number(/\d+/.exec(rest)?.[0]);
    assert.equal(first.length / line.length + lost, 5000);
    closeSync(reader);
  });

  test('a reader that has gone is no error, and flushing then ends at once', async () => {
    const sink = createLineSink(writer);
    closeSync(reader);
    sink.write('one\n');
    await sink.flush();
    sink.write('two\n');
    await sink.flush();
  });
});
