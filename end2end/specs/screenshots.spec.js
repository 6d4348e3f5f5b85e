// The pictures of the guide: every page in light, dark and on a narrow screen. Only when asked for:
// OSTIARY_SCREENSHOTS=1 cargo xtask e2e -- screenshots --project js
import path from 'node:path';
import { start } from '../support/console.js';
import { expect, test } from '../support/fixtures.js';
import { root } from '../support/settings.js';
import { Server } from '../support/server.js';
import { upstream } from '../support/upstream.js';
import { Wizard, field } from '../support/wizard.js';

const FOLDER = path.join(root, 'docs/src/screenshots');

const LOOKS = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 900 } },
  narrow: { colorScheme: 'light', viewport: { width: 390, height: 844 } },
};

/** Takes the page in every look. */
async function picture(page, name) {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.locator('.skeleton')).toHaveCount(0);
  for (const [look, { colorScheme, viewport }] of Object.entries(LOOKS)) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize(viewport);
    await page.screenshot({ path: path.join(FOLDER, `${name}-${look}.png`), fullPage: true });
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(LOOKS.light.viewport);
}

test('every page, from the first look to the finished set-up', async ({ browser }) => {
  test.setTimeout(180_000);
  const server = await Server.start();
  try {
    const page = await server.page(browser, { locale: 'en-GB', timezoneId: 'UTC', ...LOOKS.light });
    const wizard = new Wizard(page);
    await wizard.choose('Grafana');
    await page.goto('/new');
    await picture(page, 'wizard-1-choose');
    await wizard.choose('Grafana');
    await field(page, 'Address').fill('nonsense');
    await page.getByRole('button', { name: 'Continue', exact: true }).click();
    await expect(page.getByRole('alert')).toBeVisible();
    await picture(page, 'wizard-2-address-wrong');
    await field(page, 'Address').fill('https://grafana.example.com');
    await picture(page, 'wizard-2-address');
    await page.getByRole('button', { name: 'Look at the details first' }).click();
    await wizard.on('Details');
    await picture(page, 'wizard-3-details');
    await wizard.go();
    await wizard.on('Access');
    await page.getByRole('checkbox', { name: 'engineering', exact: true }).check();
    await picture(page, 'wizard-4-access');
    await wizard.go();
    await wizard.on('Review');
    await picture(page, 'wizard-5-review');
    await page.screenshot({ path: path.join(FOLDER, 'readme.png') });
    const id = await wizard.apply('Grafana');
    await wizard.checksAreGreen(7);
    await picture(page, 'wizard-7-done');
    for (const [name, address] of [
      ['change-set', `/changes/${id}`],
      ['change-set-undo', `/changes/${id}/undo`],
      ['change-sets', '/changes'],
      ['overview', '/'],
      ['applications', '/applications'],
      ['application', '/applications/grafana'],
      ['presets', '/presets?category=monitoring'],
      ['preset', '/presets/gitea'],
      ['not-found', '/no/such/page'],
    ]) {
      await page.goto(address);
      await picture(page, name);
    }
    await page.context().close();
  } finally {
    await server.stop();
  }
});

test('who may open what, and changing it', async ({ browser }) => {
  test.setTimeout(180_000);
  const server = await Server.start();
  try {
    const page = await server.page(browser, { locale: 'en-GB', timezoneId: 'UTC', ...LOOKS.light });
    const { results: people } = await server.get('/api/v3/core/users/?username=jodie.marsh');
    const { results: groups } = await server.get('/api/v3/core/groups/?name=family');
    for (const [name, address] of [
      ['access-map', '/access'],
      ['access-map-people', '/access?by=people'],
      ['access-doors', '/access/doors'],
      ['access-bindings', '/access/bindings'],
      ['access-change', '/access/change'],
      ['access-change-join', '/access/change?do=join&groups=family'],
      ['access-change-wrong', '/access/change?do=new-user&username=jodie.marsh&email=no&tried=1'],
      ['access-why', `/access/why?user=${people[0].pk}&application=payroll`],
      ['people', '/people'],
      ['person', `/people/${people[0].pk}`],
      ['groups', '/groups'],
      ['group', `/groups/${groups[0].pk}`],
      ['bind-1-applications', '/access/bind'],
      ['bind-2-groups', '/access/bind?applications.0=status-page&step=groups'],
      ['bind-3-people', `/access/bind?applications.0=status-page&groups.0=${groups[0].pk}&step=people`],
    ]) {
      await page.goto(address);
      await picture(page, name);
    }
    await page.getByRole('button', { name: 'Review the plan' }).click();
    await expect(page.getByRole('button', { name: 'Apply', exact: true })).toBeVisible();
    await picture(page, 'bind-4-review');
    const typed = page.getByRole('textbox', { name: /to confirm$/ });
    const [, name] = (await page.getByText(/^Type “/).textContent()).match(/“(.*)”/);
    await typed.fill(name);
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    await expect(page.getByRole('region', { name: 'What authentik says' })).toBeVisible();
    await picture(page, 'bind-5-verified');
    await page.context().close();
  } finally {
    await server.stop();
  }
});

test('the console without authentik', async ({ browser }) => {
  const env = { OSTIARY_AUTHENTIK__URL: 'http://127.0.0.1:9', OSTIARY_AUTHENTIK__TOKEN: 'none' };
  const server = await Server.start({ env });
  try {
    const page = await server.page(browser, { locale: 'en-GB', timezoneId: 'UTC', ...LOOKS.light });
    await page.goto('/');
    await expect(page.getByText('authentik does not answer').first()).toBeVisible();
    await picture(page, 'not-connected');
    await page.context().close();
  } finally {
    await server.stop();
  }
});

test('coming in, and the settings', async ({ browser }) => {
  test.setTimeout(180_000);
  const passphrase = 'correct horse battery staple';
  const sandbox = await Server.start();
  const authentik = await upstream(sandbox, 'c4n4ry-token');
  const server = await start({ env: { OSTIARY_ENTRY: 'sign-in', OSTIARY_SESSION__STEP_UP_SECONDS: '30' } });
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', baseURL: server.url, ...LOOKS.light });
  const page = await context.newPage();
  try {
    await page.goto('/first-run');
    await picture(page, 'first-run');
    await field(page, 'New passphrase').fill('short');
    await page.getByRole('button', { name: 'Make the account' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
    await picture(page, 'first-run-wrong');
    await field(page, 'Set-up code').fill(server.code);
    await field(page, 'Name').fill('ada');
    await field(page, 'New passphrase').fill(passphrase);
    await field(page, 'The same once more').fill(passphrase);
    await page.getByRole('button', { name: 'Make the account' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Connection to authentik' })).toBeVisible();
    await picture(page, 'settings-connection-new');
    await field(page, 'Address').first().fill(authentik.url);
    await field(page, 'API token').fill('c4n4ry-token');
    await page.getByRole('button', { name: 'Connect' }).click();
    await expect(page.getByText('It belongs to a superuser')).toBeVisible();
    for (const [name, address] of [
      ['settings-connection', '/settings/connection?saved=1'],
      ['settings-sessions', '/settings/sessions'],
      ['settings-passphrase', '/settings/passphrase'],
      ['settings-keys', '/settings/keys'],
      ['settings-audit', '/settings/audit'],
      ['step-up', '/step-up?then=/settings/connection'],
    ]) {
      await page.goto(address);
      await picture(page, name);
    }
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
    await picture(page, 'sign-in');
    await context.close();
  } finally {
    authentik.close();
    await server.stop();
    await sandbox.stop();
  }
});

test('signing in with authentik', async ({ browser }) => {
  test.setTimeout(180_000);
  const passphrase = 'correct horse battery staple';
  const server = await start({ args: ['--demo'], env: { OSTIARY_ENTRY: 'sign-in' } });
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', baseURL: server.url, ...LOOKS.light });
  const page = await context.newPage();
  try {
    await page.goto('/first-run');
    await field(page, 'Set-up code').fill(server.code);
    await field(page, 'Name').fill('ada');
    await field(page, 'New passphrase').fill(passphrase);
    await field(page, 'The same once more').fill(passphrase);
    await expect(page.getByText('Good: guessing it')).toBeVisible();
    await picture(page, 'first-run-strength');
    await page.getByRole('button', { name: 'Make the account' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.goto('/settings/connection');
    await expect(page.getByRole('heading', { name: 'An account of its own' })).toBeVisible();
    await picture(page, 'connection-account');
    await page.getByText('Set applications up', { exact: true }).click();
    await page.getByRole('button', { name: 'Make it, and show its token' }).click();
    await expect(page.getByText('This is the key')).toBeVisible();
    await page.goto('/changes');
    await page.getByRole('link', { name: /Make the service account/ }).click();
    await expect(page.getByText(/Give the role/).first()).toBeVisible();
    await picture(page, 'connection-account-change');
    await page.goto('/settings/sign-in');
    await picture(page, 'sign-in-settings-new');
    await page.getByRole('button', { name: 'Set it up' }).click();
    await expect(page.getByText('Not tried yet')).toBeVisible();
    await page.getByRole('link', { name: 'Try it' }).click();
    await page.getByLabel('Username').fill('akadmin');
    await page.getByLabel('Password').fill('sandbox-passphrase');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('status').filter({ hasText: 'It works' })).toBeVisible();
    await picture(page, 'sign-in-settings');
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
    await picture(page, 'sign-in-with-authentik');
    await page.getByRole('link', { name: 'Sign in with authentik' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
    await page.goto('/step-up?then=/settings/keys');
    await picture(page, 'step-up-with-authentik');
    await context.close();
  } finally {
    await server.stop();
  }
});
