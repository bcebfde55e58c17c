import type { Page } from '@playwright/test';
import { expect, row, say, test } from './fixtures.ts';
import type { TestServer } from './server.ts';

/** Fills lobby with numbered messages of different heights, in runs of two people. */
async function fill(server: TestServer, count: number) {
  const writers = [await server.join('Writer'), await server.join('Other')] as const;
  for (let i = 0; i < count; i++) {
    const writer = writers[i % 5 < 3 ? 0 : 1];
    await writer.send('lobby', `message ${i + 1}${'\nand a line'.repeat(i % 4)}`).stored;
  }
  return writers[0];
}

const distanceFromEnd = (page: Page) =>
  page.locator('.feed').evaluate((feed) => feed.scrollHeight - feed.scrollTop - feed.clientHeight);

test('W3 scrolled up, incoming messages do not move the view; a button counts them and leads to the end', async ({
  open,
  server,
}) => {
  const writer = await fill(server, 60);
  const page = await open({ name: 'Ada' });
  await expect(row(page, 'message 57')).toBeInViewport();
  await page.locator('.feed').hover();
  await page.mouse.wheel(0, -900);
  await expect(page.getByRole('button', { name: 'To the newest message' })).toBeVisible();
  const place = () =>
    page.locator('main article.row').evaluateAll((rows) => {
      const visible = rows.find((one) => one.getBoundingClientRect().top > 100);
      return `${visible?.textContent} ${Math.round(visible?.getBoundingClientRect().top ?? 0)}`;
    });
  const before = await place();
  await Promise.all(Array.from({ length: 12 }, (_, i) => writer.send('lobby', `later ${i}`).stored));
  await expect(page.getByRole('button', { name: '12 new' })).toBeVisible();
  expect(await place()).toBe(before);
  await page.getByRole('button', { name: '12 new' }).click();
  await expect(row(page, 'later 11')).toBeInViewport();
  await expect(page.getByRole('button', { name: /new/ })).toBeHidden();

  await page.locator('.feed').hover();
  await page.mouse.wheel(0, -900);
  await expect(page.getByRole('button', { name: 'To the newest message' })).toBeVisible();
  await say(page, 'my own goes to the end');
  await expect(row(page, 'my own goes to the end')).toBeInViewport();
});

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 1600, height: 900 },
  { width: 390, height: 844 },
]) {
  test(`W3 the page opens at the newest message, at ${viewport.width} × ${viewport.height}, and again after a reload`, async ({
    open,
    server,
  }) => {
    for (let count = 1; count <= 12; count += 1) {
      const guest = await server.join(`Guest${count}`);
      await guest.send('lobby', `hello from guest ${count} 你好 🍵`).stored;
      await guest.send('lobby', `and a longer line ${'that wraps on a narrow screen '.repeat(count % 4)}`)
        .stored;
    }
    const page = await open({ name: 'Ada' });
    await page.setViewportSize(viewport);
    for (let round = 0; round < 3; round += 1) {
      await page.reload();
      await expect(page.locator('textarea')).toBeVisible();
      // Rows are measured over several frames; the end must still be in view when they are.
      await page.evaluate(async () => {
        for (let frame = 0; frame < 30; frame += 1) await new Promise((done) => requestAnimationFrame(done));
      });
      await expect.poll(() => distanceFromEnd(page)).toBeLessThanOrEqual(1);
      await expect(page.getByRole('button', { name: 'To the newest message' })).toBeHidden();
    }
  });
}

/** One step of the wheel. */
const WHEEL = 400;

/**
 * Notes for each painted frame how far every row in view has moved since the
 * frame before: by steps of the wheel, if nothing else moves it. Where the very
 * top stops the wheel, it says nothing.
 */
async function watchMovement(page: Page): Promise<void> {
  await page.evaluate(() => {
    const moved: number[] = [];
    let before = new Map<Element, number>();
    const afterPaint = new MessageChannel();
    afterPaint.port1.start();
    afterPaint.port1.addEventListener('message', () => {
      const feed = document.querySelector('.feed');
      if (feed === null) return;
      const { top, bottom } = feed.getBoundingClientRect();
      const now = new Map(
        [...feed.querySelectorAll('article.row')].map((one) => [one, one.getBoundingClientRect().top]),
      );
      for (const [one, place] of now) {
        const last = before.get(one);
        if (last === undefined || feed.scrollTop === 0) continue;
        if (Math.min(place, last) >= top && Math.max(place, last) <= bottom) moved.push(place - last);
      }
      before = now;
    });
    const look = () => {
      afterPaint.port2.postMessage(null);
      requestAnimationFrame(look);
    };
    Object.assign(window, { moved });
    requestAnimationFrame(look);
  });
}

for (const deviceScaleFactor of [1, 1.25, 1.5]) {
  test(`W1 older pages do not move what is being read, at pixel ratio ${deviceScaleFactor}`, async ({
    open,
    server,
  }) => {
    await fill(server, 220);
    const page = await open({ name: 'Ada', deviceScaleFactor });
    await expect(page.locator('main article.row').last()).toBeInViewport();

    await watchMovement(page);
    await page.locator('.feed').hover();
    for (let step = 0, atTop = false; step < 150 && !atTop; step++) {
      await page.mouse.wheel(0, -WHEEL);
      atTop = await page.evaluate(async () => {
        for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
        return document.querySelector('.feed')?.scrollTop === 0;
      });
    }
    await expect(row(page, 'message 1')).toBeVisible();
    const moved = await page.evaluate(() => (window as unknown as { moved: number[] }).moved);
    expect(moved.length).toBeGreaterThan(100);
    expect(moved.filter((distance) => Math.abs(distance - WHEEL * Math.round(distance / WHEEL)) > 1)).toEqual(
      [],
    );
    expect(Math.min(...moved)).toBeGreaterThanOrEqual(-1);
    await expect(page.getByText('This is the beginning of lobby.')).toBeVisible();
  });
}

test('the end is kept in view while messages come, and when the window gets smaller', async ({
  open,
  server,
}) => {
  const writer = await fill(server, 40);
  const page = await open({ name: 'Ada' });
  for (let i = 0; i < 5; i++) {
    await writer.send('lobby', `next ${i}\nwith\nmore lines`).stored;
    await expect(page.getByText(`next ${i}`)).toBeInViewport();
  }
  await expect.poll(() => distanceFromEnd(page)).toBeLessThanOrEqual(1);
  // W29: as when a keyboard comes up.
  await page.setViewportSize({ width: 390, height: 430 });
  await expect(page.getByText('next 4')).toBeInViewport();
  await expect(page.locator('textarea')).toBeInViewport({ ratio: 1 });
});

test('W16 a run has name and time once for the eye, and on every row for the ear', async ({
  open,
  server,
}) => {
  const page = await open({ name: 'Ada' });
  const bob = await server.join('Bob');
  for (const text of ['one', 'two', 'three']) await bob.send('lobby', text).stored;
  await expect(row(page, 'three')).toBeVisible();
  await expect(page.locator('main article.row.opens')).toHaveCount(1);
  for (const text of ['one', 'two', 'three']) {
    await expect(row(page, text).locator('header')).toContainText('Bob');
    await expect(row(page, text).locator('time')).toHaveAttribute('datetime', /T/);
  }
  await expect(page.locator('main .avatar').filter({ hasText: 'B' })).toHaveCount(1);
});

test('comings and goings fold into one quiet line', async ({ open, server }) => {
  const page = await open({ name: 'Ada' });
  await say(page, 'first');
  for (const nick of ['Bob', 'Cleo', 'Dan', 'Eve']) await server.join(nick);
  await expect(page.locator('.notice').last()).toContainText('Bob');
  await expect(page.locator('.notice').last()).toContainText('and 3 others came in');
  await expect(page.getByRole('complementary', { name: 'People' })).toContainText('5 people here');
});
