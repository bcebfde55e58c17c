import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { skeletonOf } from './look-alikes/skeleton.ts';
import { checkNick, checkRoomName } from './names.ts';

function assertNick(raw: string, nick = raw): void {
  const check = checkNick(raw);
  assert.ok(check.ok, check.ok ? '' : `${JSON.stringify(raw)}: ${check.message}`);
  assert.equal(check.nick, nick);
}

function assertRefused(raw: string): string {
  const check = checkNick(raw);
  assert.ok(!check.ok, `${JSON.stringify(raw)} should be refused`);
  assert.equal(check.code, 'bad_nick');
  assert.ok(check.message.length > 20);
  return check.message;
}

function assertOneName(...names: string[]): void {
  for (const name of names)
    assert.equal(skeletonOf(name), skeletonOf(names[0]!), `${names[0]} and ${name} are one name`);
}

function assertDifferent(...names: string[]): void {
  assert.equal(
    new Set(names.map(skeletonOf)).size,
    names.length,
    names.map((name) => `${name} (${skeletonOf(name)})`).join(' '),
  );
}

describe('nicknames', () => {
  test('names of many languages are nicknames', () => {
    for (const nick of [
      'Ada',
      '小明',
      'Наташа',
      'Νίκος',
      'דנה',
      'محمد',
      'दुःख',
      '김철수',
      'ゆき',
      'Zoë',
      'Ludovic-2.b_c',
      'x;y',
      '(o|o)',
      '🙂',
      '葛\u{e0100}',
    ]) {
      assertNick(nick.normalize('NFC'));
    }
  });

  test('NAME-2 a nickname is kept in NFC', () => {
    assertNick('Zoe\u0308', 'Zoë');
  });

  test('NAME-1 a nickname has 1 to 32 grapheme clusters and at most 96 bytes', () => {
    assertNick('a'.repeat(32));
    assertNick('明'.repeat(32));
    assertNick('e\u0323\u0302'.repeat(32).normalize('NFC'));
    for (const raw of ['', 'a'.repeat(33), '明'.repeat(33), '🙂'.repeat(25), `é${'a'.repeat(32)}`])
      assertRefused(raw);
    assert.match(assertRefused('a'.repeat(33)), /at most 32 characters and 96 bytes/);
  });

  test('NAME-1 a nickname has at most 4 marks on one grapheme', () => {
    assertNick(`x${'\u0325'.repeat(4)}`);
    assertRefused(`x${'\u0325'.repeat(5)}`);
  });

  test('NAME-3 C1 line ends, NUL and white space of any kind are refused, around a nickname too', () => {
    for (const space of '\n\r\0\t\v\f \u0085\u2028\u2029\u00a0\u3000\u2003\u1680\u115f\u1160\u3164\uffa0\u2800') {
      for (const raw of [space, `Ada${space}x`, `${space}Ada`, `Ada${space}`]) assertRefused(raw);
    }
  });

  test('NAME-3 C3 nicknames that would forge a line are refused', () => {
    for (const raw of [
      '*',
      '[!] 2026',
      '[!]2026',
      'Ada:x',
      'Ada\u{a789}x',
      'Ada\u2236x',
      'Ada：x',
      '＊',
      '∗',
      '＠Ada',
      '＃lobby',
      '［！］',
    ])
      assertRefused(raw);
    for (const character of ':*!@,#&~+%/\\<>[]"\'`')
      assert.match(assertRefused(`a${character}b`), /what looks like them/);
  });

  test('NAME-3 C4 bidi, zero-width and tag characters are refused', () => {
    const refused = [
      0x200b, 0x200c, 0x200d, 0x200e, 0x202a, 0x202e, 0x2066, 0x2069, 0x061c, 0xfeff, 0x00ad, 0xe0067, 0x034f,
      0x17b4,
    ];
    for (const code of refused) assertRefused(`Ada${String.fromCodePoint(code)}x`);
    assertRefused('👩\u200d🚀');
  });

  test('NAME-3 C5 controls are refused', () => {
    for (const raw of ['a\x1b[31m', 'a\x07', 'a\x7f', 'a\x9b', '\x1b']) assertRefused(raw);
  });

  test('C7 lone surrogates, private use and unassigned characters are refused', () => {
    for (const raw of ['a\ud800', '\udc00a', '\ue000', '\u{f0000}', '\u0378', '\uffff']) assertRefused(raw);
  });

  test('a nickname of nothing but marks, or that begins with one, is refused', () => {
    for (const raw of ['\u0301', '\u0301a', '\ufe0f', '\u{e0100}\u{e0101}']) assertRefused(raw);
    assertRefused('¨');
  });

  test('NAME-4 reserved nicknames and their look-alikes are refused', () => {
    const reserved = [
      'server',
      'SERVER',
      'ѕеrver',
      'ＳＹＳＴＥＭ',
      'systern',
      'admin',
      'Adrnin',
      'аdmіn',
      'admln',
      'root',
      'r00t',
      'NickServ',
      'ChanServ',
      'serv',
      'nickЅЕRV',
    ];
    for (const raw of reserved) assertRefused(raw);
    for (const raw of ['serve', 'servant', 'roots', 'administrator', 'observer']) assertNick(raw);
  });

  test('whatever is accepted is within the limits, in NFC, and accepted again as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (raw) => {
        const check = checkNick(raw);
        if (!check.ok) return;
        assert.ok(Buffer.byteLength(check.nick) <= 96 && check.nick.isWellFormed());
        assert.doesNotMatch(check.nick.normalize('NFKC'), /[\s\p{C}:*!@,#&~+%/\\<>[\]"'`]/u);
        assert.deepEqual(checkNick(check.nick), check);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('room names', () => {
  test('ROOM-2 a room name has 1 to 64 grapheme clusters and at most 192 bytes', () => {
    for (const name of ['lobby', 'a'.repeat(64), '茶'.repeat(64)]) assert.ok(checkRoomName(name).ok);
    for (const name of ['', 'a'.repeat(65), '茶'.repeat(65), '🙂'.repeat(49)])
      assert.equal(checkRoomName(name).ok, false);
  });

  test('ROOM-2 emoji are allowed, those of several parts too', () => {
    for (const name of ['🍵', '☕️', '👩‍🚀', '👨‍👩‍👧‍👦-茶馆', '👍🏽', '🇨🇳']) {
      assert.deepEqual(checkRoomName(name), { ok: true, name, skeleton: skeletonOf(name) });
    }
  });

  test('C4 a joiner outside of an emoji is refused', () => {
    for (const name of ['lob\u200dby', '\u200d', '👩\u200d', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', 'a\u200d🚀'])
      assert.equal(checkRoomName(name).ok, false);
  });

  test('ROOM-2 the rest is as with nicknames, but nothing is reserved', () => {
    for (const name of ['#lobby', 'tea room', 'a:b', 'a\nb']) {
      const check = checkRoomName(name);
      assert.ok(!check.ok && check.code === 'bad_room' && check.message.startsWith('A room name'));
    }
    assert.ok(checkRoomName('server').ok);
  });
});

describe('look-alikes', () => {
  test('NAME-5 A13 case, width and look-alikes of other scripts make no other name', () => {
    assertOneName('Ada', 'ada', 'ADA', 'ＡＤＡ', 'ａｄａ', 'Аda', 'Аԁа', '𝐀𝐝𝐚', 'Ⓐⓓⓐ');
    assertOneName('paypal', 'PayPal', 'PAYPAL', 'раураl', 'рауpаӏ', 'paypa1', 'paypaI', 'paypa|');
    assertOneName('modern', 'rnodern', 'MODERN', 'moderո');
    assertOneName('O0o', '000', 'ооо', 'οΟо');
    assertOneName('Наташа', 'наташа', 'НАТАША', 'Hатaшa');
    assertOneName('Nick', 'Νick', 'nick', 'NICK');
    assertOneName('ada', 'a\ufe0fda', 'ada\u{e0100}');
  });

  test('case is folded in full', () => {
    assertOneName('straße', 'STRASSE', 'STRAẞE');
    assertOneName('Νίκος', 'νίκος', 'ΝΊΚΟΣ', 'νίκοσ');
    assertOneName('İstanbul', 'istanbul', 'ıstanbul', 'ISTANBUL');
    assertOneName('ﬁve', 'five', 'FIVE');
  });

  test('names that differ stay different', () => {
    assertDifferent('小明', '小朋', '小红', '晓明', '大明');
    assertDifferent('王', '玉', '主', '壬');
    assertDifferent('日', '曰', '目', '田');
    assertDifferent('张伟', '王伟', '王芳', '李伟', '李娜', '刘洋', '陳偉', '陈伟');
    assertDifferent('ゆき', 'ゆぎ', 'はな', 'ばな');
    assertDifferent('김철수', '김철순', '이철수', '박영희');
    assertDifferent('van', 'nan', 'uan', 'yan', 'ran', 'tan');
    assertDifferent('ada', 'adá', 'adą', 'adal');
    assertDifferent('Наташа', 'Наталья', 'Виктор', 'Михаил');
  });

  test('no two letters or digits of ASCII are one but 0 o, 1 i l, and m rn', () => {
    const characters = 'abcdefghijklmnopqrstuvwxyz0123456789';
    const classes = Map.groupBy(characters, (character) => skeletonOf(character));
    assert.deepEqual(
      [...classes.values()].filter((members) => members.length > 1).map((members) => members.join('')),
      ['il1', 'o0'],
    );
    assertOneName('m', 'rn');
  });

  const names = fc.string({
    unit: fc.oneof(
      fc.constantFrom(
        ...Array.from('IiLl1|0OoMmrnNνΝυΥυгГγßẞſςσΣİıаеорсухАЕ日曰ーｶ力é\u0307\u0301\u0328\u0345\ufe0f👩ﷺ'),
      ),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
    maxLength: 24,
  });

  test("a skeleton's skeleton is itself", () => {
    fc.assert(
      fc.property(names, (name) => {
        const skeleton = skeletonOf(name);
        assert.equal(skeletonOf(skeleton), skeleton);
      }),
      { numRuns: 3_000 },
    );
  });

  test('names that differ in case or compatibility forms only have one skeleton', () => {
    fc.assert(
      fc.property(names, (name) => {
        // Letter by letter: what a capital sigma becomes at the end of a word depends on its neighbours.
        const upper = Array.from(name.normalize('NFKC'), (character) => character.toUpperCase()).join('');
        const lower = Array.from(name.normalize('NFKC'), (character) => character.toLowerCase()).join('');
        assertOneName(name, upper, lower, name.normalize('NFD'), name.normalize('NFKC'));
      }),
      { numRuns: 3_000 },
    );
  });
});
