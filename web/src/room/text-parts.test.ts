import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { showControls, splitText } from './text-parts.ts';

const links = (text: string) => splitText(text).flatMap((part) => (part.is === 'link' ? [part.text] : []));
const joined = (text: string) =>
  splitText(text)
    .map((part) => part.text)
    .join('');

describe('splitText', () => {
  test('W18 links only the address, in sentences of both languages', () => {
    assert.deepEqual(links('看https://a.cn/x。'), ['https://a.cn/x']);
    assert.deepEqual(links('(https://a.cn)'), ['https://a.cn']);
    assert.deepEqual(links('《https://a.cn/b》'), ['https://a.cn/b']);
    assert.deepEqual(links('（见 https://a.cn/x）好'), ['https://a.cn/x']);
    assert.deepEqual(links('https://a.cn/x，https://b.cn/y、ok'), ['https://a.cn/x', 'https://b.cn/y']);
    assert.deepEqual(links('See https://a.cn/x. Or https://a.cn/y!'), ['https://a.cn/x', 'https://a.cn/y']);
    assert.deepEqual(links('https://a.cn很好'), ['https://a.cn']);
    assert.deepEqual(links('"https://a.cn" <https://b.cn>'), ['https://a.cn', 'https://b.cn']);
  });

  test('W18 keeps brackets that were opened within the address', () => {
    assert.deepEqual(links('https://a.cn/苹果(公司)'), ['https://a.cn/苹果(公司)']);
    assert.deepEqual(links('https://a.cn/苹果（公司）很'), ['https://a.cn/苹果（公司）很']);
    assert.deepEqual(links('(https://a.cn/a_(b))'), ['https://a.cn/a_(b)']);
  });

  test('W18 links http, https and mailto only, written out', () => {
    assert.deepEqual(links('javascript:alert(1) data:text/html,x //evil.cn a.cn www.a.cn ftp://a.cn'), []);
    assert.deepEqual(links('HTTPS://A.cn mailto:ada@a.cn mailto:nobody'), [
      'HTTPS://A.cn',
      'mailto:ada@a.cn',
    ]);
    assert.deepEqual(links('xhttp://a.cn https:// http://'), []);
  });

  test('D2 does not link an address that names another host than it shows', () => {
    assert.deepEqual(links('https://bank.cn@evil.cn/ https://user:pw@evil.cn/'), []);
  });

  test('D2 shows the real host where letters could pass for others', () => {
    const [part] = splitText('https://аррӏе.com/');
    assert.ok(part?.is === 'link');
    assert.equal(part.realHost, 'xn--80ak6aa92e.com');
    const [honest] = splitText('https://例子.中国/');
    assert.ok(honest?.is === 'link');
    assert.equal(honest.realHost, undefined);
  });

  test('loses and adds nothing', () => {
    for (const text of [
      '',
      'no address',
      'https://a.cn',
      'a https://a.cn/x. b\nhttps://b.cn\n',
      'https://[::1]:80/x y',
    ]) {
      assert.equal(joined(text), text);
    }
  });

  test('F9 takes a short time for 16 KiB of anything', () => {
    for (const unit of [
      '*',
      '[',
      '(',
      '> ',
      'http://',
      'https://a',
      'mailto:',
      'https://a.cn/(',
      'https://a很',
      'https://a.cn/x。',
      'https://a.cn/.',
      '（',
      '👩‍👩‍👧',
      'a\u0301',
    ]) {
      const text = unit.repeat(Math.floor(16_384 / unit.length));
      const started = performance.now();
      assert.equal(joined(text), text);
      assert.ok(performance.now() - started < 500, `${unit} took ${performance.now() - started} ms`);
    }
  });
});

test('C5 controls are shown as something one can see, line ends and tabs stay', () => {
  assert.equal(showControls('a\n\tb'), 'a\n\tb');
  assert.equal(showControls('\u001b[31m\u0007\u007f\u0085\r'), '␛[31m␇␡\\x85␍');
});
