/**
 * What every test of the page gets: a real server of its own, and pages that
 * are watched. A page that logs an error, opens a dialog, breaks the content
 * policy or asks anything of another origin fails its test.
 */
import {
  test as base,
  expect,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from '@playwright/test';
import { createLineCutter, type LineCutter } from './line-cutter.ts';
import { startServer, type TestServer } from './server.ts';

type Open = (options?: BrowserContextOptions & { name?: string; address?: string }) => Promise<Page>;

export const test = base.extend<{ server: TestServer; wire: LineCutter; open: Open; allowed: RegExp[] }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from here
  server: async ({}, use) => {
    const server = await startServer();
    await use(server);
    await server.stop();
  },
  wire: async ({ server, allowed }, use) => {
    const wire = await createLineCutter(server.port);
    allowed.push(/WebSocket connection to .* failed/);
    await use(wire);
    wire.close();
  },
  /** Errors in the console that a test brings about itself. */
  // oxlint-disable-next-line no-empty-pattern
  allowed: async ({}, use) => {
    await use([]);
  },
  open: async ({ browser, server, allowed }, use) => {
    const problems: string[] = [];
    const contexts: BrowserContext[] = [];
    await use(async ({ name, address = server.url, ...options } = {}) => {
      const context = await browser.newContext(options);
      contexts.push(context);
      context.on('weberror', (error) => problems.push(`error: ${error.error().message}`));
      const page = await context.newPage();
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning')
          problems.push(`console: ${message.text()}`);
      });
      page.on('dialog', (dialog) => {
        problems.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on('request', (request) => {
        if (!request.url().startsWith(new URL(address).origin)) problems.push(`request: ${request.url()}`);
      });
      await page.goto(address);
      if (name !== undefined) await comeIn(page, name);
      return page;
    });
    for (const context of contexts) await context.close();
    expect(problems.filter((problem) => !allowed.some((one) => one.test(problem)))).toEqual([]);
  },
});

export { expect };

/** Types a name at the door and enters. */
export async function comeIn(page: Page, name: string): Promise<void> {
  await page.locator('#name').fill(name);
  await page.locator('#name').press('Enter');
  await expect(page.locator('textarea')).toBeFocused();
}

/** Writes a message as a person does. */
export async function say(page: Page, text: string): Promise<void> {
  await page.locator('textarea').last().fill(text);
  await page.locator('textarea').last().press('Enter');
}

/** The texts of the messages that are in the document, in order. */
export const texts = (page: Page): Promise<string[]> => page.locator('main article .text').allInnerTexts();

/** The row of a message. */
export const row = (page: Page, text: string) =>
  page.locator('main article.row', { has: page.getByText(text, { exact: true }) });
