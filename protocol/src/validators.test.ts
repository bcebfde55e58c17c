import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { checkRequest } from '../generated/validators.ts';
import { EXAMPLES } from './examples.ts';
import { LIMITS } from './limits.ts';
import { requests, type RequestType } from './requests.ts';

const types = Object.keys(requests) as RequestType[];
const compiled = new Map(types.map((type) => [type, Compile(requests[type])]));
const send = { type: 'send', id: '1', room: 'lobby', text: 'hi', key: 'k' };

/** Strings that break naive code: long, with NUL, with lone surrogates, outside the BMP. */
const strings = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '\0', '\ud800', '\udc00x', '😀'.repeat(64), '😀'.repeat(65), 'x'.repeat(193)),
);
const scalars = fc.oneof(
  strings,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constantFrom(null, undefined, 1, 500, 501, Number.MAX_SAFE_INTEGER, [], ['message'], ['nothing'], {}),
);
/** Objects with the fields of requests, and others, filled with anything. */
const fieldNames = [...new Set(types.flatMap((type) => Object.keys(requests[type].properties)))];
const hostile = fc.dictionary(
  fc.constantFrom(...fieldNames, '__proto__', 'constructor', 'toString', 'extra'),
  fc.oneof({ weight: 4, arbitrary: scalars }, fc.jsonValue()),
);

function isClean(value: unknown): boolean {
  return !Object.values(value as object).some(
    (v) => typeof v === 'string' && (v.includes('\0') || !v.isWellFormed()),
  );
}

describe('checkRequest', () => {
  for (const type of types) {
    test(`takes the example of ${type} and gives it back`, () => {
      const { request } = EXAMPLES[type];
      assert.deepEqual(checkRequest(JSON.parse(JSON.stringify(request))), { ok: true, request });
    });

    test(`FRAME-7 strips from ${type} what the schema does not name`, () => {
      const { request } = EXAMPLES[type];
      const extras =
        '"extra":1,"nested":{"a":{"b":[1]}},"__proto__":{"admin":true},"constructor":{"prototype":1}';
      const checked = checkRequest(JSON.parse(`${JSON.stringify(request).slice(0, -1)},${extras}}`));
      assert.deepEqual(checked, { ok: true, request });
      assert.ok(checked.ok && Object.getPrototypeOf(checked.request) === Object.prototype);
    });
  }

  test('says what the schema says, whatever comes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...types), hostile, (type, fields) => {
        const value = JSON.parse(JSON.stringify({ ...EXAMPLES[type].request, ...fields, type }));
        const fits = compiled.get(type)?.Check(value) === true;
        const known = Object.fromEntries(
          Object.keys(requests[type].properties).map((name) => [name, value[name]]),
        );
        const checked = checkRequest(value);
        assert.equal(checked.ok, fits && isClean(known), JSON.stringify(value));
        if (checked.ok) assert.deepEqual(checked.request, JSON.parse(JSON.stringify(known)));
      }),
      { numRuns: 3_000 },
    );
  });

  test('never throws, and refuses what is no request with a code and a message', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), hostile), (value) => {
        const checked = checkRequest(value);
        if (checked.ok) return;
        assert.match(checked.code, /^(bad_request|too_long|unknown_type)$/);
        assert.ok(checked.message.length > 0 && checked.message.length < 200);
        if (checked.id !== undefined) assert.equal(checked.id, (value as { id: string }).id);
      }),
      { numRuns: 3_000 },
    );
  });

  test('ERR-2 an unknown type is unknown_type, those of every object included', () => {
    for (const type of ['', 'nothing', '__proto__', 'constructor', 'toString', 'Send', 'send ']) {
      const checked = checkRequest({ ...send, type });
      assert.ok(!checked.ok && checked.code === 'unknown_type' && checked.id === '1', type);
    }
  });

  test('names the field, what it must be, and the id of the request', () => {
    const missing = {
      ok: false,
      code: 'bad_request',
      message: 'room is missing: it must be a string of 1 to 192 characters',
      id: '7',
    };
    assert.deepEqual(checkRequest({ type: 'leave', id: '7' }), missing);
    const wrong = checkRequest({ ...send, text: 5 });
    assert.ok(!wrong.ok && wrong.message === 'text must be a string');
    assert.deepEqual(checkRequest({ ...send, id: 7 }), {
      ok: false,
      code: 'bad_request',
      message: 'id must be a string of at most 64 characters',
    });
  });

  test('a field past its limit is too_long, and the message names the limit', () => {
    const checked = checkRequest({ ...send, key: 'k'.repeat(LIMITS.keyLength + 1) });
    assert.ok(!checked.ok && checked.code === 'too_long');
    assert.match(checked.message, /^key .* 64 characters$/);
  });

  test('counts characters, not halves of them', () => {
    assert.ok(checkRequest({ ...send, id: '😀'.repeat(LIMITS.idLength) }).ok);
    assert.ok(!checkRequest({ ...send, id: '😀'.repeat(LIMITS.idLength + 1) }).ok);
  });

  test('SEND-7 C7 NUL and lone surrogates are refused in every string', () => {
    for (const bad of ['a\0b', '\ud800', 'x\udfff']) {
      for (const field of ['id', 'room', 'text', 'key']) {
        const checked = checkRequest({ ...send, [field]: bad });
        assert.ok(!checked.ok && checked.code === 'bad_request', field);
      }
    }
  });

  test('of a key that comes twice the last one counts, as JSON.parse has it', () => {
    const checked = checkRequest(JSON.parse('{"type":"ping","type":"leave","room":"a","room":"b"}'));
    assert.deepEqual(checked, { ok: true, request: { type: 'leave', room: 'b' } });
  });

  test('what is nested 20,000 deep in a field is refused or left behind', () => {
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    const extra = checkRequest(JSON.parse(`{"type":"ping","deep":${deep}}`));
    assert.deepEqual(extra, { ok: true, request: { type: 'ping' } });
    assert.ok(!checkRequest(JSON.parse(`{"type":"leave","room":${deep}}`)).ok);
    assert.ok(!checkRequest(JSON.parse(deep)).ok);
  });

  test('200,000 brackets are refused', () => {
    assert.throws(() => JSON.parse('['.repeat(200_000)), SyntaxError);
    assert.ok(!checkRequest(JSON.parse('['.repeat(200_000) + ']'.repeat(200_000))).ok);
  });

  test('a list is copied', () => {
    const value = { type: 'history', room: 'lobby', kinds: ['message'] };
    const checked = checkRequest(value);
    assert.ok(checked.ok && checked.request.type === 'history');
    assert.deepEqual(checked.request.kinds, ['message']);
    assert.notEqual(checked.request.kinds, value.kinds);
  });
});
