import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLineReader } from './lines.ts';

function read(most: number, ...chunks: (string | Buffer)[]) {
  const lines: string[] = [];
  let tooLong = 0;
  const take = createLineReader(
    most,
    (line) => lines.push(line),
    () => (tooLong += 1),
  );
  for (const chunk of chunks) take(Buffer.from(chunk as string));
  return { lines, tooLong };
}

test('lines end with LF or CRLF, empty ones are passed over', () => {
  assert.deepEqual(read(100, 'a\r\nb\n\n\r\nc').lines, ['a', 'b']);
});

test('a character that is cut between two chunks comes whole', () => {
  const bytes = Buffer.from('小明\n');
  for (let cut = 1; cut < bytes.length; cut += 1) {
    assert.deepEqual(read(100, bytes.subarray(0, cut), bytes.subarray(cut)).lines, ['小明']);
  }
});

test('a line may have as many bytes as the limit and not one more', () => {
  assert.deepEqual(read(4, 'abcd\n'), { lines: ['abcd'], tooLong: 0 });
  assert.deepEqual(read(4, 'abcde'), { lines: [], tooLong: 1 });
  assert.deepEqual(read(4, 'abc', 'de\nf\n'), { lines: [], tooLong: 1 });
  assert.deepEqual(read(4, 'ab\nabcde', 'x\n'), { lines: ['ab'], tooLong: 1 });
});

test('a byte at a time gives the same lines', () => {
  const text = `${'x'.repeat(500)}\n${'y'.repeat(3)}\n`;
  assert.deepEqual(read(1000, ...text.split('')).lines, ['x'.repeat(500), 'yyy']);
});
