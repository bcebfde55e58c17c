import type { Page } from '@playwright/test';
import { comeIn, expect, row, say, test, texts } from './fixtures.ts';

const REFUSED = /WebSocket connection to .* failed|ERR_CONNECTION_REFUSED|ERR_INTERNET_DISCONNECTED/;

/** What a browser says when its network is back: the page then tries at once. */
const comeOnline = (page: Page) => page.evaluate(() => dispatchEvent(new Event('online')));

test('the server is killed and started again while two people write: nothing lost, nothing twice, no reload', async ({
  open,
  server,
  allowed,
}) => {
  allowed.push(REFUSED);
  const pages = [await open({ name: 'Ada' }), await open({ name: 'Bob' })];
  for (const page of pages) await page.evaluate(() => Object.assign(window, { neverReloaded: true }));

  const said: string[][] = [[], []];
  let writing = true;
  const writers = pages.map(async (page, who) => {
    for (let i = 1; writing || i <= 20; i++) {
      const text = `${who === 0 ? 'Ada' : 'Bob'} says ${i}`;
      said[who]?.push(text);
      await say(page, text);
    }
  });
  for (let round = 0; round < 2; round++) {
    await expect.poll(async () => (await texts(pages[0]!)).length).toBeGreaterThan(5);
    await server.kill();
    await expect(pages[0]!.locator('.connection')).toBeVisible();
    await server.start();
    // W9: back within 30 s, by itself.
    for (const page of pages) await expect(page.locator('.connection')).toBeHidden({ timeout: 30_000 });
  }
  writing = false;
  await Promise.all(writers);
  for (const page of pages) {
    await expect(page.locator('.connection')).toBeHidden({ timeout: 30_000 });
    await expect(page.locator('.pending')).toHaveCount(0, { timeout: 30_000 });
  }

  // The log has every message once, each person's in the order in which they were written.
  const reader = await server.join('Reader');
  const logged: string[] = [];
  for (let after = 0, more = true; more;) {
    const page = await reader.history('lobby', { after, limit: 500, kinds: ['message'] });
    for (const entry of page.entries) if (entry.type === 'message') logged.push(entry.text ?? '');
    after = page.entries.at(-1)?.seq ?? after;
    more = page.more;
  }
  expect(logged.filter((text) => text.startsWith('Ada'))).toEqual(said[0]);
  expect(logged.filter((text) => text.startsWith('Bob'))).toEqual(said[1]);

  // And both pages show what the log has, as far as they have rows.
  for (const page of pages) {
    await expect.poll(async () => (await texts(page)).at(-1)).toBe(logged.at(-1));
    const shown = await texts(page);
    expect(shown.length).toBeGreaterThan(5);
    expect(logged.join('\n')).toContain(shown.join('\n'));
    expect(await page.evaluate(() => 'neverReloaded' in window)).toBe(true);
  }
});

test('W8 messages written while the line is away arrive in their order, after a reload too', async ({
  open,
  server,
  wire,
}) => {
  const page = await open({ name: 'Ada', address: wire.url });
  const bob = await server.join('Bob');
  const heard: string[] = [];
  bob.on('entry', ({ entry }) => entry.type === 'message' && heard.push(entry.text ?? ''));

  wire.cut();
  await expect(page.locator('.connection')).toBeVisible();
  const written = ['one', 'two', 'three', 'four', 'five'];
  for (const text of written) await say(page, text);
  await expect(page.locator('.pending')).toHaveCount(5);
  await page.reload();
  await expect(page.locator('.pending')).toHaveCount(5);
  expect(heard).toEqual([]);

  wire.mend();
  await comeOnline(page);
  await expect(page.locator('.pending')).toHaveCount(0);
  await expect.poll(() => heard).toEqual(written);
  expect(await texts(page)).toEqual(written);
});

test('W8 a refused message says why, holds the rest, and can be tried again or dropped', async ({
  open,
  server,
}) => {
  const page = await open();
  let refusing = true;
  await page.routeWebSocket('**/ws', (socket) => {
    const real = socket.connectToServer();
    socket.onMessage((line) => {
      const { type, id, text } = JSON.parse(String(line)) as Record<string, string>;
      if (refusing && type === 'send' && text === 'refused')
        socket.send(JSON.stringify({ type: 'error', id, code: 'forbidden', message: 'no' }));
      else real.send(line);
    });
  });
  await comeIn(page, 'Ada');
  const bob = await server.join('Bob');
  const heard: string[] = [];
  bob.on('entry', ({ entry }) => entry.type === 'message' && heard.push(entry.text ?? ''));
  await say(page, 'refused');
  await say(page, 'behind it');
  await expect(page.getByRole('alert')).toHaveText('Not sent. You may not do that.');
  await expect(row(page, 'behind it')).toContainText('waits for the message above');
  refusing = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(() => heard).toEqual(['refused', 'behind it']);

  refusing = true;
  await say(page, 'refused');
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(page.locator('main article.own')).toHaveCount(2);
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('W11 a gap that is too long to be replayed is said, and fills when it is looked at', async ({
  open,
  server,
  wire,
}) => {
  const page = await open({ name: 'Ada', address: wire.url });
  const bob = await server.join('Bob');
  await bob.send('lobby', 'before the gap').stored;
  await expect(row(page, 'before the gap')).toBeVisible();
  wire.cut();
  await expect(page.locator('.connection')).toBeVisible();
  await Promise.all(Array.from({ length: 1_300 }, (_, i) => bob.send('lobby', `missed ${i + 1}`).stored));
  wire.mend();
  await comeOnline(page);
  await expect(row(page, 'missed 1300')).toBeInViewport();
  const top = page.locator('.feed-top');
  // A page of it may have come already: with the first few replayed rows, the gap was in view.
  await expect(top).toHaveText(/^[23]00 entries missed\. Scroll up to read them\.$/);
  const goUp = () => page.locator('.feed').evaluate((feed) => feed.scrollTo(0, 0));
  await expect(async () => {
    await goUp();
    await expect(top).toHaveText('This is the beginning of lobby.', { timeout: 200 });
  }).toPass();
  await goUp();
  await expect(row(page, 'before the gap')).toBeVisible();
  await expect(row(page, 'missed 1')).toBeVisible();
});

test('W9 while the line is away an amber line counts down, and “Try now” tries now', async ({
  open,
  wire,
}) => {
  const page = await open({ name: 'Ada', address: wire.url });
  wire.cut();
  const line = page.locator('.connection');
  await expect(line).toContainText(/The (server cannot be reached|connection is lost)\./);
  // A later try is far enough away to see that the button does not wait for it.
  await expect(line).toContainText(/Trying again in ([4-9]|[12]\d) s/, { timeout: 30_000 });
  wire.mend();
  await line.getByRole('button', { name: 'Try now' }).click();
  await expect(line).toBeHidden({ timeout: 2_500 });
});

test('at an address that is no secure context everything works', async ({ open, server }) => {
  const address = `http://192.168.7.7:${server.port}/`;
  const page = await open({ address, name: 'Ada' });
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  await expect(page.getByRole('region', { name: 'Conversation' }).locator('code').first()).toHaveText(
    address,
  );
  await page.getByRole('button', { name: 'Copy' }).first().click();
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  await page.locator('textarea').focus();
  await page.keyboard.press('Control+V');
  await expect(page.locator('textarea')).toHaveValue(address);
  await page.keyboard.press('Enter');
  await expect(page.locator('main article .text a')).toHaveAttribute('href', address);
  await page.reload();
  await expect(page.locator('main article.own')).toHaveCount(1);
});
