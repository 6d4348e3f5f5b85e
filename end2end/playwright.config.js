// Two projects: the console with JavaScript, and without. One server per version of the sandbox.
import { defineConfig } from '@playwright/test';
import { chromium, ports, reportPort } from './support/settings.js';

/** Files that are not for everybody: pictures are made on demand. */
const onDemand = process.env.OSTIARY_SCREENSHOTS ? [] : ['**/screenshots.spec.js'];

export default defineConfig({
  testDir: 'specs',
  outputDir: 'test-results',
  globalTeardown: './support/no-reports.js',
  fullyParallel: true,
  forbidOnly: !!process.env.CI,
  retries: 0,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [[process.env.CI ? 'dot' : 'list'], ['./support/counts.js']],
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    // Less than a test's own time: what is not there is named.
    actionTimeout: 20_000,
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: chromium,
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'js', testIgnore: onDemand },
    {
      name: 'nojs',
      testIgnore: ['**/*.hydrate.spec.js', '**/api.spec.js', '**/screenshots.spec.js'],
      use: { javaScriptEnabled: false },
    },
  ],
  webServer: [
    {
      command: `node support/reports.mjs ${reportPort}`,
      name: 'reports of browsers',
      wait: { stdout: /ready for reports/ },
      timeout: 10_000,
      gracefulShutdown: { signal: 'SIGTERM', timeout: 1_000 },
    },
    ...Object.entries(ports).map(([version, port]) => ({
    command: `node support/serve.mjs ${version} ${port}`,
    name: `sandbox ${version}`,
    wait: { stdout: new RegExp(`ready ${version.replace('.', '\\.')}`) },
    timeout: 60_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 5_000 },
    })),
  ],
});
