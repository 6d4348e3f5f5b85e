// Coming in: the first run, signing in and out, and proving once more who one is.
import { start } from '../support/console.js';
import { expect, test } from '../support/fixtures.js';
import { Server } from '../support/server.js';
import { upstream } from '../support/upstream.js';
import { field } from '../support/wizard.js';

const PASSPHRASE = 'correct horse battery staple';
const SIGN_IN = { OSTIARY_ENTRY: 'sign-in' };

test.use({ storageState: { cookies: [], origins: [] } });

/** Makes the first account. */
async function account(page, server, { code = server.code, passphrase = PASSPHRASE } = {}) {
  await field(page, 'Set-up code').fill(code);
  await field(page, 'Name').fill('ada');
  await field(page, 'New passphrase').fill(passphrase);
  await field(page, 'The same once more').fill(passphrase);
  await page.getByRole('button', { name: 'Make the account' }).click();
}

async function signIn(page, passphrase = PASSPHRASE) {
  await field(page, 'Name').fill('ada');
  await field(page, 'Passphrase').fill(passphrase);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Signs out by the navigation, which lies behind a button on narrow screens. */
async function signOut(page) {
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
}

test('the first run: an account, then a connection that works', async ({ page, a11y, js }) => {
  const sandbox = await Server.start();
  const authentik = await upstream(sandbox, 'c4n4ry-token');
  const server = await start({ env: SIGN_IN });
  try {
    await page.goto(`${server.url}/`);
    await expect(page.getByRole('heading', { level: 1, name: 'Welcome to Ostiary' })).toBeVisible();
    await account(page, server, { code: '0000-0000-0000', passphrase: 'too short' });
    await expect(page.getByRole('alert')).toContainText('This is not the code');
    await expect(page.getByRole('alert')).toContainText('A passphrase has 15 characters at least');
    await expect(field(page, 'Name')).toHaveValue('ada');
    await expect(field(page, 'New passphrase')).toHaveValue('');
    await a11y.audit();
    if (js) {
      const strength = page.getByRole('status').filter({ hasText: /character|guess/ });
      await field(page, 'New passphrase').pressSequentially('correct horse');
      await expect(strength).toHaveText('2 more characters');
      await field(page, 'New passphrase').pressSequentially(' battery staple');
      await expect(strength).toContainText('Good: guessing it would take centuries');
      await a11y.audit();
    }
    await account(page, server);
    await expect(page.getByRole('heading', { level: 1, name: 'Connection to authentik' })).toBeVisible();
    await field(page, 'Address').first().fill(authentik.url);
    await field(page, 'API token').fill('wr0ng-token');
    await page.getByRole('button', { name: 'Connect' }).click();
    await expect(page.getByText('authentik refuses the token').first()).toBeVisible();
    await expect(field(page, 'Address').first()).toHaveValue(authentik.url);
    expect(await page.content()).not.toContain('wr0ng-token');
    await a11y.audit();
    await field(page, 'API token').fill('c4n4ry-token');
    await page.getByRole('button', { name: 'Connect' }).click();
    await expect(page.getByRole('status').filter({ hasText: 'Connected' })).toBeVisible();
    await expect(page.getByText('It belongs to a superuser, so everything works.')).toBeVisible();
    await a11y.audit();
    for (const path of ['/', '/people', '/settings/connection', '/settings/sessions']) {
      await page.goto(server.url + path);
      expect(await page.content(), path).not.toContain('c4n4ry-token');
    }
    await a11y.audit();
  } finally {
    await page.goto('about:blank');
    authentik.close();
    await server.stop();
    await sandbox.stop();
  }
});

test('signing in leads back to the page, signing out closes it', async ({ page, a11y }) => {
  const server = await start({ args: ['--demo'], env: SIGN_IN });
  try {
    await page.goto(`${server.url}/`);
    await account(page, server);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await signOut(page);
    await page.goto(`${server.url}/applications?q=wiki`);
    await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
    await expect(page.getByRole('navigation', { name: 'Main' })).toHaveCount(0);
    await signIn(page, 'wrong wrong wrong');
    await expect(page.getByRole('alert')).toContainText('Name or passphrase is wrong');
    await expect(field(page, 'Name')).toHaveValue('ada');
    await a11y.audit();
    await signIn(page);
    await expect(page).toHaveURL(`${server.url}/applications?q=wiki`);
    await page.goto(`${server.url}/settings/sessions`);
    await expect(page.getByText('This one', { exact: true })).toBeVisible();
    await a11y.audit();
    await page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
    await page.goto(`${server.url}/people`);
    await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
    await a11y.audit();
  } finally {
    await page.goto('about:blank');
    await server.stop();
  }
});

test('another browser is signed out from afar', async ({ page, a11y, browser, contextOptions }) => {
  const server = await start({ args: ['--demo'], env: SIGN_IN });
  try {
    await page.goto(`${server.url}/`);
    await account(page, server);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    const other = await (await browser.newContext(contextOptions)).newPage();
    await other.goto(`${server.url}/groups`);
    await signIn(other);
    await expect(other.getByRole('heading', { level: 1, name: 'Groups' })).toBeVisible();
    await page.goto(`${server.url}/settings/sessions`);
    await a11y.audit();
    await page.getByRole('button', { name: /^End it: the session of ada/ }).click();
    await expect(page.getByRole('button', { name: /^End it: the session of ada/ })).toHaveCount(0);
    await other.goto(`${server.url}/groups`);
    await expect(other.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
    await other.context().close();
    await a11y.audit();
  } finally {
    await page.goto('about:blank');
    await server.stop();
  }
});

test('a plan of consequence asks for the passphrase once more', async ({ page, a11y }) => {
  const server = await start({ args: ['--demo'], env: { ...SIGN_IN, OSTIARY_SESSION__STEP_UP_SECONDS: '3' } });
  try {
    await page.goto(`${server.url}/`);
    await account(page, server);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.goto(`${server.url}/access/change?do=delete-group`);
    await page.getByRole('combobox').first().selectOption({ label: 'finance' });
    await page.getByRole('button', { name: 'See the plan' }).click();
    await expect(page).toHaveURL(/\/changes\//);
    // The passphrase was typed a moment ago; that holds for three seconds here.
    await page.waitForTimeout(3_500);
    await page.reload();
    await expect(page.getByRole('button', { name: 'Apply', exact: true })).toHaveCount(0);
    await a11y.audit();
    await page.getByRole('link', { name: 'Prove that it is you' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Is it you?' })).toBeVisible();
    await field(page, 'Passphrase').fill('wrong wrong wrong');
    await page.getByRole('button', { name: 'Go on' }).click();
    await expect(page.getByRole('alert')).toContainText('That was not right');
    await a11y.audit();
    await field(page, 'Passphrase').fill(PASSPHRASE);
    await page.getByRole('button', { name: 'Go on' }).click();
    await expect(page.getByRole('button', { name: 'Apply', exact: true })).toBeVisible();
    await a11y.audit();
  } finally {
    await page.goto('about:blank');
    await server.stop();
  }
});

test('the passphrase is changed, and the old one opens nothing', async ({ page, a11y }) => {
  const other = 'seven purple ducks in november';
  const server = await start({ args: ['--demo'], env: SIGN_IN });
  try {
    await page.goto(`${server.url}/`);
    await account(page, server);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.goto(`${server.url}/settings/passphrase`);
    await field(page, 'Passphrase until now').fill(PASSPHRASE);
    await field(page, 'New passphrase').fill(other);
    await field(page, 'The same once more').fill('something else');
    await page.getByRole('button', { name: 'Change it' }).click();
    await expect(page.getByRole('alert')).toContainText('This is not the same');
    await a11y.audit();
    await field(page, 'Passphrase until now').fill(PASSPHRASE);
    await field(page, 'New passphrase').fill(other);
    await field(page, 'The same once more').fill(other);
    await page.getByRole('button', { name: 'Change it' }).click();
    await expect(page.getByRole('status').filter({ hasText: 'The passphrase was changed' })).toBeVisible();
    await signOut(page);
    await signIn(page);
    await expect(page.getByRole('alert')).toContainText('Name or passphrase is wrong');
    await signIn(page, other);
    await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
    await a11y.audit();
  } finally {
    await page.goto('about:blank');
    await server.stop();
  }
});

test('a key for a program is made, shown once, and revoked; the log tells of it', async ({ page, a11y }) => {
  const server = await start({ args: ['--demo'], env: SIGN_IN });
  const ask = (key) => fetch(`${server.url}/api/changes`, { headers: { authorization: `Bearer ${key}` } });
  try {
    await page.goto(`${server.url}/`);
    await account(page, server);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.goto(`${server.url}/settings/keys`);
    await page.getByRole('button', { name: 'Make the key' }).click();
    await expect(page.getByRole('alert')).toContainText('Give it a name that says what it is for');
    await a11y.audit();
    await field(page, 'What it is for').fill('nightly <b>backup</b>');
    await page.getByRole('button', { name: 'Make the key' }).click();
    const shown = page.getByRole('status').filter({ hasText: 'shown only now' });
    const key = await shown.locator('code').textContent();
    expect((await ask(key)).status).toBe(200);
    await a11y.audit();
    await page.goto(`${server.url}/settings/keys`);
    await expect(page.getByText('nightly <b>backup</b>', { exact: true })).toBeVisible();
    expect(await page.content()).not.toContain(key);
    await page.getByRole('button', { name: 'Revoke it: the key nightly <b>backup</b>' }).click();
    await expect(page.getByText('No keys yet')).toBeVisible();
    expect((await ask(key)).status).toBe(401);
    await page.getByRole('link', { name: 'Audit log' }).click();
    await expect(page.getByRole('table', { name: 'Audit log' })).toContainText('API key revoked');
    await expect(page.getByRole('table', { name: 'Audit log' })).toContainText('First account');
    await page.goto(`${server.url}/settings/audit?action=make-key`);
    await expect(page.getByRole('table', { name: 'Audit log' })).not.toContainText('First account');
    await a11y.audit();
  } finally {
    await page.goto('about:blank');
    await server.stop();
  }
});
