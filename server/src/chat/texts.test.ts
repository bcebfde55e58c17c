import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { checkText, checkTopic, type TextCheck } from './texts.ts';

const LIMITS = { textBytes: 16_384 };

function assertRefused(check: TextCheck, code: 'bad_request' | 'too_long'): string {
  assert.ok(!check.ok);
  assert.equal(check.code, code);
  return check.message;
}

describe('texts', () => {
  test('SEND-6 a text is kept as it is', () => {
    for (const text of [
      'hello',
      ' hi ',
      '你好，世界',
      '\nfirst\n\nlast\n',
      'a\rb',
      'x\x1b[31m\x07',
      '\u202egnp.exe',
      '👩‍🚀',
      'e\u0301',
      '\ufeffx',
    ]) {
      assert.deepEqual(checkText(text, LIMITS), { ok: true, text });
    }
  });

  test('SEND-6 C1 CRLF becomes LF', () => {
    assert.deepEqual(checkText('a\r\nb\r\n\r\nc\r\r\nd', LIMITS), { ok: true, text: 'a\nb\n\nc\r\nd' });
  });

  test('SEND-7 C1 NUL is refused', () => {
    assertRefused(checkText('a\0b', LIMITS), 'bad_request');
  });

  test('SEND-7 C7 lone surrogates are refused, never repaired', () => {
    for (const text of ['\ud800', 'a\udc00b', '\ude00\ud83d'])
      assertRefused(checkText(text, LIMITS), 'bad_request');
  });

  test('an empty text, or one of white space only, is refused', () => {
    for (const text of ['', ' ', '\n', '\r\n', '\t \u3000\u00a0\u2028'])
      assertRefused(checkText(text, LIMITS), 'bad_request');
  });

  test('SEND-8 a text past the limit is refused with both figures', () => {
    for (const text of [
      'x'.repeat(16_384),
      `${'茶'.repeat(5_461)}x`,
      'é'.repeat(8_192),
      '\r\n'.repeat(10_000) + 'x',
    ])
      assert.ok(checkText(text, LIMITS).ok);
    assert.match(assertRefused(checkText('x'.repeat(16_385), LIMITS), 'too_long'), /16385 bytes.* 16384/);
    assert.match(assertRefused(checkText(`${'茶'.repeat(5_461)}xx`, LIMITS), 'too_long'), /16385 bytes/);
    assertRefused(checkText('\r\n'.repeat(16_384) + 'x', LIMITS), 'too_long');
    assertRefused(checkText('xyz', { textBytes: 2 }), 'too_long');
  });

  test('what is accepted fits, is well formed, and is accepted again as it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 30 }),
        fc.integer({ min: 1, max: 60 }),
        (raw, textBytes) => {
          const check = checkText(raw, { textBytes });
          if (!check.ok) return;
          assert.ok(check.text.isWellFormed() && Buffer.byteLength(check.text) <= textBytes);
          // CR CR LF becomes CR LF, and only that would be changed by coming twice.
          if (!check.text.includes('\r\n')) assert.deepEqual(checkText(check.text, { textBytes }), check);
        },
      ),
    );
  });
});

describe('topics', () => {
  test('a topic is one line of at most 1 KiB, or empty', () => {
    for (const topic of ['', 'Tea at four', '茶'.repeat(341), 'x'.repeat(1_024)])
      assert.deepEqual(checkTopic(topic), { ok: true, text: topic });
    assert.match(assertRefused(checkTopic('x'.repeat(1_025)), 'too_long'), /1025 bytes.* 1024/);
    assertRefused(checkTopic('茶'.repeat(342)), 'too_long');
  });

  test('C1 line ends of any kind and NUL are refused in a topic', () => {
    for (const end of ['\n', '\r', '\r\n', '\u0085', '\u2028', '\u2029', '\v', '\f', '\0'])
      assertRefused(checkTopic(`a${end}b`), 'bad_request');
  });

  test('C7 lone surrogates are refused in a topic', () => {
    assertRefused(checkTopic('a\ud800'), 'bad_request');
  });
});
