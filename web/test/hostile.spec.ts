import { expect, say, test } from './fixtures.ts';

/** What others may write to have something run in the reader's page. Any effect would be a dialog, a request, a console error or an element. */
const CORPUS = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)><animate onbegin=alert(1) attributeName=x dur=1s>',
  '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>',
  '<a href="javascript:alert(1)">press</a>',
  '"><img src=//evil.example/x>',
  "';alert(1);//",
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<style>@import "//evil.example/x.css"; body{display:none}</style>',
  '<form action=//evil.example><button>send</button></form>',
  '<base href=//evil.example/><link rel=stylesheet href=x><meta http-equiv=refresh content="0;url=//evil.example">',
  '{{constructor.constructor("alert(1)")()}} ${alert(1)}',
  '&lt;img src=x onerror=alert(1)&gt;',
  '![x](//evil.example/x.png) [y](javascript:alert(1))',
  '\u202etxet desrever\u202c \u2066\u2067 <b>bold</b>',
  '\u001b]8;;http://evil.example\u0007press\u001b]8;;\u0007',
  '__proto__',
];

test('D1 D3 nothing that people write is ever HTML: names, texts and topics are inert', async ({
  open,
  server,
}) => {
  // High enough that every row is drawn.
  const page = await open({ name: 'Ada', viewport: { width: 1280, height: 2400 } });
  const bob = await server.join('Bob');
  for (const text of CORPUS) await bob.send('lobby', text).stored;
  await bob.create('topic-room', CORPUS[1]);
  await expect(page.locator('main article.row .text')).toHaveCount(CORPUS.length);
  const shown = await page.locator('main article.row .text').allTextContents();
  expect(shown.slice(0, 16)).toEqual(CORPUS.slice(0, 16));
  expect(shown[16]).toBe('␛]8;;http://evil.example␇press␛]8;;␇');

  const found = await page
    .locator('main .bubble')
    .evaluateAll((bubbles) =>
      bubbles.flatMap((bubble) => [...bubble.querySelectorAll('*')].map((element) => element.localName)),
    );
  expect([...new Set(found)].toSorted()).toEqual(['a', 'bdi', 'div']);

  await page.evaluate(() => (location.hash = '#/topic-room'));
  await expect(page.locator('.bar-topic')).toHaveText(CORPUS[1] ?? '');
  await page.evaluate(() => (location.hash = `#/${encodeURIComponent('<img src=x onerror=alert(1)>')}`));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('<img src=x onerror=alert(1)>');

  await page.reload();
  await page.evaluate(() => (location.hash = '#/lobby'));
  await expect(page.locator('main article.row .text').last()).toHaveText('__proto__');
});

test('D2 only http, https and mailto are links, and they give nothing away', async ({ open, server }) => {
  const page = await open({ name: 'Ada' });
  const bob = await server.join('Bob');
  const lines = [
    'javascript:alert(1) data:text/html,x //evil.example file:///etc/passwd vbscript:x',
    'https://ok.example/a?b#c http://ok.example mailto:ada@ok.example',
    'https://bank.example@evil.example/ https://аррӏе.com/',
  ];
  await bob.send('lobby', lines.join('\n')).stored;
  const links = page.locator('main article.row a');
  await expect(links).toHaveCount(4);
  expect(await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')))).toEqual([
    'https://ok.example/a?b#c',
    'http://ok.example/',
    'mailto:ada@ok.example',
    'https://xn--80ak6aa92e.com/',
  ]);
  await expect(links.last()).toContainText('xn--80ak6aa92e.com');
  for (const link of await links.all()) {
    await expect(link).toHaveAttribute('rel', 'noopener noreferrer');
    await expect(link).toHaveAttribute('target', '_blank');
  }
});

test('D3 the page runs under Trusted Types, without inline script or style', async ({
  open,
  server,
  allowed,
}) => {
  // The refusal that this test brings about.
  allowed.push(/requires 'TrustedHTML' assignment/);
  const page = await open({ name: 'Ada' });
  await say(page, 'hello');
  const html = await (await fetch(server.url)).text();
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
  expect(html).not.toMatch(/\bstyle=|\bon[a-z]+=/);
  // A sink for HTML refuses a string: if something of the page's own used one, it would have failed.
  const refused = await page.evaluate(() => {
    try {
      document.createElement('div').innerHTML = '<b></b>';
      return false;
    } catch (error) {
      return error instanceof TypeError;
    }
  });
  expect(refused).toBe(true);
  expect(await page.evaluate(() => 'cookieStore' in window && document.cookie)).toBe('');
});
