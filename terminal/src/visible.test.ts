import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { makeVisible, visibleJson, visibleLines } from './visible.ts';

describe('what others write', () => {
  test('C5 ESC, CSI, OSC 8 and 52, DCS, BEL, DEL and C1 become visible escapes', () => {
    assert.equal(makeVisible('\x1b[2J\x1b]52;c;aGk=\x07'), '\\x1b[2J\\x1b]52;c;aGk=\\x07');
    assert.equal(makeVisible('\x1b]8;;http://evil\x1b\\x'), '\\x1b]8;;http://evil\\x1b\\x');
    assert.equal(makeVisible('\x00\b\x7f\x9b31m\x90q\x9c'), '\\x00\\x08\\x7f\\x9b31m\\x90q\\x9c');
  });

  test('C4 what turns, hides or tags text becomes visible', () => {
    assert.equal(makeVisible('a\u202egpj.exe'), 'a\\u202egpj.exe');
    assert.equal(makeVisible('\u2066x\u2069\u200f\u061c'), '\\u2066x\\u2069\\u200f\\u061c');
    assert.equal(makeVisible('a\u200bb\ufeff\u00ad'), 'a\\u200bb\\ufeff\\xad');
    assert.equal(makeVisible('\u{e0041}'), '\\u{e0041}');
  });

  test('half a character is shown as its number', () => {
    assert.equal(makeVisible('a\ud800b'), 'a\\ud800b');
  });

  test('text in any language, emoji, marks and tabs stay as they are', () => {
    for (const text of ['a\tb', '你好,世界', 'שלום', 'می‌خواهم', '👩‍🚀🏴', 'e\u0301\u00a0x', '\\x1b', '']) {
      assert.equal(makeVisible(text), text);
    }
  });

  test('C1 C5 every kind of line end ends a line', () => {
    assert.deepEqual(visibleLines('a\nb\rc\r\nd\u0085e\u2028f\u2029g\vh\fi'), 'abcdefghi'.split(''));
    assert.deepEqual(visibleLines(''), ['']);
    assert.deepEqual(visibleLines('x\n'), ['x', '']);
  });

  test('C5 nothing that came of any text can act on a terminal', () => {
    const unit = fc.oneof(
      fc.constantFrom('\x1b', '\r', '\n', '\x9b', '\u2028', '\u202e', 'x'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    );
    const active = /(?![\t\u200c\u200d])[\p{Cc}\p{Cf}\u2028\u2029]/u;
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        for (const line of visibleLines(text)) assert.doesNotMatch(line, active);
        assert.doesNotMatch(makeVisible(text), active);
      }),
    );
  });

  test('C5 JSON keeps its value and can act on no terminal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const json = visibleJson({ text });
        assert.deepEqual(JSON.parse(json), { text });
        assert.doesNotMatch(json, /[\p{Cc}\p{Cf}\u2028\u2029]/u);
      }),
    );
    assert.equal(visibleJson('\x9b\u{e0041}'), '"\\u009b\\udb40\\udc41"');
  });
});
