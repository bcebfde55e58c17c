import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { makeVisible, splitLines } from './visible.ts';

describe('visible text', () => {
  test('C5 ESC, CSI, OSC, DCS, BEL, DEL and C1 become visible escapes', () => {
    assert.equal(
      makeVisible('\x1b[31mred\x1b]8;;http://evil\x07x\x1b\\'),
      '\\x1b[31mred\\x1b]8;;http://evil\\x07x\\x1b\\',
    );
    assert.equal(
      makeVisible('\0\x08\r\x7f\x80\x9b2J\x9d52;c;\x90'),
      '\\x00\\x08\\x0d\\x7f\\x80\\x9b2J\\x9d52;c;\\x90',
    );
    for (let code = 0; code < 0xa0; code++) {
      const visible = makeVisible(String.fromCharCode(code));
      if (code === 9 || code === 10 || (code >= 0x20 && code < 0x7f))
        assert.equal(visible, String.fromCharCode(code));
      else assert.match(visible, /^\\x[0-9a-f]{2}$/);
    }
  });

  test('C4 bidirectional controls become visible escapes, so that nothing after them is turned', () => {
    assert.equal(makeVisible('a\u202egnp.exe\u202c\u2066\u2069'), 'a\\u202egnp.exe\\u202c\\u2066\\u2069');
  });

  test('text without them is left as it is, in any language', () => {
    for (const text of [
      '',
      'tab\there\nline',
      '你好，世界',
      'שלום',
      'مرحبا',
      '👩‍🚀',
      'e\u0301\u00a0x',
      '\\x1b',
    ])
      assert.equal(makeVisible(text), text);
  });
});

describe('lines of a text', () => {
  test('C1 every kind of line end ends a line', () => {
    assert.deepEqual(splitLines('a\nb\rc\r\nd\u0085e\u2028f\u2029g\vh\fi'), [
      'a',
      'b',
      'c',
      'd',
      'e',
      'f',
      'g',
      'h',
      'i',
    ]);
    assert.deepEqual(splitLines('\r\n\n\ra\n'), ['', '', '', 'a', '']);
    assert.deepEqual(splitLines(''), ['']);
  });

  test('C1 C5 no line of any text holds a line end or a control once it is made visible', () => {
    const unit = fc.oneof(
      fc.constantFrom('\r', '\n', '\u0085', '\u2028', '\u2029', '\v', '\f', '\x1b', '\x9b', 'x'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    );
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        for (const line of splitLines(text))
          assert.doesNotMatch(makeVisible(line), /[^\P{Cc}\t]|[\u2028-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});
