import { comeIn, expect, row, say, test, texts } from './fixtures.ts';

test('W20 Enter while composing never sends, nor does the Enter that ends a composition', async ({
  open,
}) => {
  const page = await open({ name: '小明' });
  const box = page.locator('textarea');
  const browser = await page.context().newCDPSession(page);
  const enter = (code: number) =>
    browser.send('Input.dispatchKeyEvent', {
      type: 'rawKeyDown',
      key: 'Enter',
      code: 'Enter',
      windowsVirtualKeyCode: code,
    });

  await browser.send('Input.imeSetComposition', { text: 'ni hao', selectionStart: 6, selectionEnd: 6 });
  await enter(13);
  await expect(box).toHaveValue('ni hao');
  await browser.send('Input.insertText', { text: '你好' });
  await expect(box).toHaveValue('你好');
  // Safari: the composition has ended, and its Enter comes after it with code 229.
  await enter(229);
  await expect(box).toHaveValue('你好');
  expect(await texts(page)).toEqual([]);
  await box.press('Enter');
  await expect(row(page, '你好')).toBeVisible();
  await expect(box).toHaveValue('');
});

test('W20 at the door too, an Enter that ends a composition does not enter', async ({ open }) => {
  const page = await open();
  const browser = await page.context().newCDPSession(page);
  await page.locator('#name').focus();
  await browser.send('Input.imeSetComposition', { text: 'xiao ming', selectionStart: 9, selectionEnd: 9 });
  await browser.send('Input.insertText', { text: '小明' });
  await browser.send('Input.dispatchKeyEvent', {
    type: 'rawKeyDown',
    key: 'Enter',
    code: 'Enter',
    windowsVirtualKeyCode: 229,
  });
  await expect(page.locator('#name')).toHaveValue('小明');
  await expect(page.locator('#door-enter')).toHaveText('Come in');
  await comeIn(page, '小明');
});

test('Shift+Enter breaks the line, and lines arrive as lines', async ({ open, server }) => {
  const page = await open({ name: 'Ada' });
  const bob = await server.join('Bob');
  const heard = new Promise((resolve) =>
    bob.on('entry', ({ entry }) => entry.type === 'message' && resolve(entry.text)),
  );
  await page.locator('textarea').pressSequentially('for x in y:');
  await page.keyboard.press('Shift+Enter');
  await page.locator('textarea').pressSequentially('    print(x)');
  await page.keyboard.press('Enter');
  expect(await heard).toBe('for x in y:\n    print(x)');
  await expect(page.locator('main article .text')).toHaveText('for x in y:\n    print(x)', {
    useInnerText: true,
  });
});

test('W14 what stands in the box survives a reload, for each room', async ({ open, server }) => {
  const bob = await server.join('Bob');
  await bob.create('tea');
  const page = await open({ name: 'Ada' });
  await page.locator('textarea').fill('half a thought');
  await page.evaluate(() => (location.hash = '#/tea'));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('tea');
  await expect(page.locator('textarea')).toHaveValue('');
  await page.evaluate(() => (location.hash = '#/lobby'));
  await expect(page.locator('textarea')).toHaveValue('half a thought');
  await page.reload();
  await expect(page.locator('textarea')).toHaveValue('half a thought');
});

test('a text that is longer than the protocol allows stays in the box, and says so', async ({ open }) => {
  const page = await open({ name: 'Ada' });
  await say(page, '茶'.repeat(5_462));
  await expect(page.getByRole('alert')).toContainText('16 KiB');
  await expect(page.locator('textarea')).toHaveValue(/茶/);
  await page.locator('textarea').press('Backspace');
  await page.locator('textarea').press('Enter');
  await expect(page.locator('textarea')).toHaveValue('');
  await expect(page.locator('main article.own')).toHaveCount(1);
});

test('W33 long words, heaped marks and mixed directions keep within 320 px', async ({ open, server }) => {
  const page = await open({ name: 'Ada', viewport: { width: 320, height: 568 } });
  const bob = await server.join('שרה');
  const tell = (text: string) => bob.send('lobby', text).stored;
  await tell('x'.repeat(16_384));
  await tell(`a${'\u0301'.repeat(200)} heaped`);
  await tell('שלום @Ada, see you');
  await expect(page.getByText('שלום @Ada, see you')).toBeVisible();
  const sideways = await page.evaluate(() => {
    const feed = document.querySelector('.feed');
    return (
      document.documentElement.scrollWidth > innerWidth ||
      (feed !== null && feed.scrollWidth > feed.clientWidth)
    );
  });
  expect(sideways).toBe(false);
  const clipped = await page
    .locator('main article.row')
    .last()
    .evaluate((article) => getComputedStyle(article).overflowY);
  expect(clipped).toBe('clip');
  await expect(page.locator('main article .row-head bdi').last()).toHaveText('שרה');
  await expect(page.getByRole('button', { name: 'Send' })).toBeInViewport({ ratio: 1 });
});
