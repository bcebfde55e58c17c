import { defineConfig } from '@playwright/test';

/** The page in a real browser, against real servers that the tests start. */
export default defineConfig({
  testDir: 'test',
  testMatch: '*.spec.ts',
  outputDir: '../test-results',
  fullyParallel: true,
  workers: 2,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    launchOptions: {
      executablePath: process.env['TEAHOUSE_CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--headless',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        // A name in an address that is no secure context, and yet is this machine's loopback.
        '--host-resolver-rules=MAP 192.168.7.7 127.0.0.1',
      ],
    },
  },
});
