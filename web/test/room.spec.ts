import { comeIn, expect, row, say, test, texts } from './fixtures.ts';

test('two people talk: each sees both, one’s own at the right', async ({ open }) => {
  const ada = await open({ name: 'Ada' });
  const ming = await open({ name: '小明', locale: 'zh-CN' });
  await say(ada, 'Hello, is anybody there?');
  await expect(row(ming, 'Hello, is anybody there?')).toBeVisible();
  await say(ming, '在的，你好');
  await expect(row(ada, '在的，你好')).toBeVisible();

  await expect(row(ada, 'Hello, is anybody there?')).toHaveClass(/own/);
  await expect(row(ming, 'Hello, is anybody there?')).toHaveClass(/other/);
  await expect(row(ming, 'Hello, is anybody there?').locator('bdi.name')).toHaveText('Ada');
  await expect(row(ming, 'Hello, is anybody there?').locator('time')).toHaveAttribute(
    'datetime',
    /^\d{4}-\d\d-\d\dT.*Z$/,
  );
  await expect(ada.getByRole('complementary', { name: 'People' }).getByRole('listitem')).toHaveText([
    /Ada.*you/,
    /小明/,
  ]);
});

test('after a reload one is the same person, and straight back in', async ({ open, server }) => {
  const page = await open({ name: 'Ada' });
  const bob = await server.join('Bob');
  await say(page, 'before the reload');
  await expect(row(page, 'before the reload')).toBeVisible();
  const before = bob.room('lobby')?.members.find(({ nick }) => nick === 'Ada');
  await page.reload();
  await expect(row(page, 'before the reload')).toHaveClass(/own/);
  await expect(page.locator('#door')).toBeHidden();
  await say(page, 'after the reload');
  await expect(row(page, 'after the reload')).toHaveClass(/own/);
  const adas = bob.room('lobby')?.members.filter(({ nick }) => nick === 'Ada');
  expect(adas).toEqual([before]);
});

test('a second tab is the same person, without asking for a name', async ({ open, server }) => {
  const page = await open({ name: 'Ada' });
  const second = await page.context().newPage();
  await second.goto(server.url);
  await expect(second.locator('textarea')).toBeFocused();
  await say(second, 'from the second tab');
  await expect(row(page, 'from the second tab')).toHaveClass(/own/);
});

test('a name that is taken, or that is none, is told in words and can be mended', async ({ open }) => {
  await open({ name: '小明' });
  const page = await open({ locale: 'zh-CN' });
  await page.locator('#name').fill('小明');
  await page.locator('#name').press('Enter');
  await expect(page.getByRole('alert')).toHaveText('用户名重复，换一个吧。');
  await page.locator('#name').fill('a:b');
  await page.locator('#name').press('Enter');
  await expect(page.getByRole('alert')).toContainText('这个名字不能用');
  await comeIn(page, '小红');
});

test('the name field is in the HTML: what is typed before the script has come stays', async ({
  browser,
  server,
}) => {
  const page = await browser.newPage();
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/*.js', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(server.url, { waitUntil: 'commit' });
  await page.locator('#name').pressSequentially('Ad');
  release();
  await expect(page.locator('#door-enter')).toHaveText('Come in');
  await expect(page.locator('#name')).toBeFocused();
  await page.locator('#name').pressSequentially('a');
  await page.locator('#name').press('Enter');
  await expect(page.getByRole('complementary', { name: 'People' })).toContainText('Ada');
});

test('leaving ends the session: the door opens, and the next one is somebody else', async ({ open }) => {
  const page = await open({ name: 'Ada' });
  await say(page, 'goodbye');
  await expect(row(page, 'goodbye')).toHaveClass(/own/);
  await page.getByRole('button', { name: 'You are Ada' }).click();
  await page.getByRole('button', { name: 'Leave' }).click();
  await expect(page.locator('#name')).toBeFocused();
  await page.reload();
  await comeIn(page, 'Ada2');
  await expect(row(page, 'goodbye')).toHaveClass(/other/);
});

test('the page speaks the browser’s language, and the other one when asked', async ({ open, server }) => {
  const page = await open({ name: '小明', locale: 'zh-CN' });
  const ada = await server.join('Ada');
  await ada.leave('lobby');
  await say(page, '你好');
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(page.getByRole('complementary', { name: '在座的人' })).toContainText('1 人在座');
  await expect(page.locator('.notice')).toHaveText(/离开了/);
  await expect(page.locator('h2.day')).toHaveText('今天');
  await page.getByRole('button', { name: '你是小明' }).click();
  await page.getByRole('button', { name: 'Switch to English' }).click();
  await expect(page.locator('h2.day')).toHaveText('Today');
  await expect(page).toHaveTitle('lobby · Teahouse');
  await page.reload();
  await expect(page.locator('h2.day')).toHaveText('Today');
});

test('edits and deletions are shown, live and after a reload', async ({ open, server }) => {
  const page = await open({ name: 'Ada' });
  const bob = await server.join('Bob');
  const { seq: wrong } = await bob.send('lobby', 'teh first').stored;
  const { seq: regretted } = await bob.send('lobby', 'the second').stored;
  await expect(row(page, 'the second')).toBeVisible();
  await bob.edit('lobby', wrong, 'the first');
  await bob.delete('lobby', regretted);
  for (const reload of [false, true]) {
    if (reload) await page.reload();
    await expect(row(page, 'the first')).toContainText('edited');
    await expect(page.locator('main article.row').nth(1)).toContainText('taken back');
    expect(await texts(page)).toEqual(['the first']);
  }
});

test('W36 the empty room says how others come in, with a code that is black on white', async ({ open }) => {
  const page = await open({ name: 'Ada', colorScheme: 'dark' });
  const code = page.getByRole('img', { name: /QR code/ });
  await expect(code.locator('rect')).toHaveAttribute('fill', '#fff');
  await expect(code.locator('path')).toHaveAttribute('fill', '#000');
  await expect(page.getByRole('region', { name: 'Conversation' })).toContainText('localhost');
  await say(page, 'first');
  await expect(code).toBeHidden();
  await page.getByRole('button', { name: 'Invite' }).click();
  await expect(page.getByRole('dialog').getByRole('img', { name: /QR code/ })).toBeVisible();
});

test('a room that is not there can be opened', async ({ open, server }) => {
  const page = await open({ address: `${server.url}#/茶室` });
  await expect(page.locator('#door-room')).toHaveText('茶室');
  await page.locator('#name').fill('Ada');
  await page.locator('#name').press('Enter');
  await page.getByRole('button', { name: 'Open it' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('茶室');
  await say(page, 'a room of one’s own');
  await expect(row(page, 'a room of one’s own')).toBeVisible();
});

test('W17 at midnight the dividers change without a message', async ({ open }) => {
  const page = await open();
  await page.clock.install({ time: new Date() });
  await comeIn(page, 'Ada');
  await say(page, 'late');
  await expect(page.locator('h2.day')).toHaveText('Today');
  const midnight = new Date().setHours(24, 0, 1, 0);
  await page.clock.fastForward(midnight - Date.now());
  await expect(page.locator('h2.day')).toHaveText('Yesterday');
});

test('whoever leaves while others talk and comes in again misses nothing', async ({ open, server }) => {
  const page = await open({ name: 'Ada' });
  const bob = await server.join('Bob');
  for (const text of ['one', 'two']) await bob.send('lobby', text).stored;
  await expect(row(page, 'two')).toBeVisible();
  await page.getByRole('button', { name: 'You are Ada' }).click();
  await page.getByRole('button', { name: 'Leave' }).click();
  await bob.send('lobby', 'three').stored;
  await comeIn(page, 'Ada3');
  await expect(row(page, 'three')).toBeVisible();
  expect(await texts(page)).toEqual(['one', 'two', 'three']);
});
