// Signing in with authentik: set up, tried, used, and what the roles see.
import { createServer } from 'node:http';
import { start } from '../support/console.js';
import { expect, test } from '../support/fixtures.js';
import { field } from '../support/wizard.js';

const PASSPHRASE = 'correct horse battery staple';
/** What everybody's password is in the sandbox. */
const PASSWORD = 'sandbox-passphrase';

test.use({ storageState: { cookies: [], origins: [] } });

/** A list to choose a group from. */
const choice = (page, label) => page.getByRole('combobox', { name: new RegExp(`^${label}`) });

/** A console with an account, whose proof holds for `seconds`. */
async function console_(page, seconds = 300, more = {}) {
  const env = { OSTIARY_ENTRY: 'sign-in', OSTIARY_SESSION__STEP_UP_SECONDS: String(seconds), ...more };
  const server = await start({ args: ['--demo'], env });
  await page.goto(`${server.url}/`);
  await field(page, 'Set-up code').fill(server.code);
  await field(page, 'Name').fill('ada');
  await field(page, 'New passphrase').fill(PASSPHRASE);
  await field(page, 'The same once more').fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Make the account' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  return server;
}

/** Fills authentik's login form. */
async function atAuthentik(page, username) {
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Sets signing in up, and tries it. */
async function setUp(page, server) {
  await page.goto(`${server.url}/settings/sign-in`);
  await choice(page, 'Administrators').selectOption('authentik Admins');
  await choice(page, 'Operators').selectOption('engineering');
  await choice(page, 'Viewers').selectOption('staff');
  await page.getByRole('button', { name: 'Set it up' }).click();
  await expect(page.getByText('Not tried yet')).toBeVisible();
  await page.getByRole('link', { name: 'Try it' }).click();
  await atAuthentik(page, 'akadmin');
  await expect(page.getByRole('status').filter({ hasText: 'It works' })).toBeVisible();
}

/** A browser that nobody has used. */
async function another(browser, contextOptions) {
  const storageState = { cookies: [], origins: [] };
  return (await browser.newContext({ ...contextOptions, storageState })).newPage();
}

test('it is set up in one go, tried, and then offered', async ({ page, a11y, browser, contextOptions }) => {
  const server = await console_(page);
  try {
    await page.goto(`${server.url}/settings/sign-in`);
    await choice(page, 'Administrators').selectOption('');
    await page.getByRole('button', { name: 'Set it up' }).click();
    await expect(page.getByRole('alert')).toContainText('Choose the group whose members administer Ostiary');
    await a11y.audit();
    await setUp(page, server);
    await a11y.audit();
    const other = await another(browser, contextOptions);
    await other.goto(`${server.url}/applications?q=wiki`);
    await other.getByRole('link', { name: 'Sign in with authentik' }).click();
    await atAuthentik(other, 'akadmin');
    await expect(other).toHaveURL(`${server.url}/applications?q=wiki`);
    await other.goto(`${server.url}/settings/sign-in`);
    await other.getByRole('button', { name: 'Close the passphrase' }).click();
    await expect(other.getByRole('button', { name: 'Open the passphrase' })).toBeVisible();
    // Whoever came in by the passphrase is out, and finds one way in.
    await page.goto(`${server.url}/people`);
    await expect(page.getByRole('link', { name: 'Sign in with authentik' })).toBeVisible();
    await expect(page.getByRole('textbox')).toHaveCount(0);
    await a11y.audit();
    await other.context().close();
  } finally {
    await page.goto('about:blank');
    await server.stop();
  }
});

test('a viewer sees, but cannot do; an operator cannot set up Ostiary', async ({ page, a11y, browser, contextOptions }) => {
  const server = await console_(page);
  try {
    await setUp(page, server);
    const viewer = await another(browser, contextOptions);
    await viewer.goto(`${server.url}/people`);
    await viewer.getByRole('link', { name: 'Sign in with authentik' }).click();
    await atAuthentik(viewer, 'niamh.kelly');
    await expect(viewer.getByRole('heading', { level: 1, name: 'People' })).toBeVisible();
    await viewer.goto(`${server.url}/new`);
    const refused = viewer.waitForResponse((answer) => answer.request().method() === 'POST');
    await viewer.getByRole('button', { name: /Grafana/ }).first().click();
    expect((await refused).status()).toBe(403);
    const answer = await viewer.goto(`${server.url}/settings/sign-in`);
    expect(answer.status()).toBe(403);
    await viewer.goto(`${server.url}/settings/sessions`);
    await expect(viewer.getByText('ada', { exact: true })).toHaveCount(0);
    await expect(viewer.getByRole('link', { name: 'Connection' })).toHaveCount(0);
    await viewer.context().close();
    const operator = await another(browser, contextOptions);
    await operator.goto(`${server.url}/new`);
    await operator.getByRole('link', { name: 'Sign in with authentik' }).click();
    await atAuthentik(operator, 'priya.nair');
    await operator.getByRole('button', { name: /Grafana/ }).first().click();
    await expect(operator).toHaveURL(/\/new\/.+\/address/);
    expect((await operator.goto(`${server.url}/settings/connection`)).status()).toBe(403);
    await operator.context().close();
    await page.goto(`${server.url}/settings/sessions`);
    await expect(page.getByText('niamh.kelly')).toBeVisible();
    await a11y.audit();
  } finally {
    await page.goto('about:blank');
    await server.stop();
  }
});

test('authentik proves who somebody is, and its sign-out counts here', async ({ page, a11y, browser, contextOptions }) => {
  test.setTimeout(90_000);
  const server = await console_(page, 15);
  try {
    await setUp(page, server);
    const other = await another(browser, contextOptions);
    await other.goto(`${server.url}/settings/keys`);
    await other.getByRole('link', { name: 'Sign in with authentik' }).click();
    await expect(other.getByLabel('Username')).toBeVisible();
    const { origin: authentik } = new URL(other.url());
    await atAuthentik(other, 'akadmin');
    await expect(other.getByRole('heading', { level: 1, name: 'API keys' })).toBeVisible();
    await other.waitForTimeout(15_500);
    await other.reload();
    await other.getByRole('link', { name: 'Prove that it is you' }).click();
    await other.getByRole('link', { name: 'Go on with authentik' }).click();
    await atAuthentik(other, 'akadmin');
    await expect(other.getByRole('button', { name: 'Make the key' })).toBeVisible();
    await other.goto(`${authentik}/application/o/ostiary/end-session/`);
    await expect
      .poll(async () => {
        await other.goto(`${server.url}/people`);
        return other.getByRole('heading', { level: 1 }).textContent();
      })
      .toBe('Sign in');
    await other.context().close();
    await page.goto(`${server.url}/settings/audit`);
    await expect(page.getByRole('table', { name: 'Audit log' })).toContainText('at authentik');
    await a11y.audit();
  } finally {
    await page.goto('about:blank');
    await server.stop();
  }
});

test('an account of its own is made with its permissions, and its key is shown', async ({ page, a11y }) => {
  const server = await console_(page);
  try {
    await page.goto(`${server.url}/settings/connection`);
    await expect(page.getByRole('heading', { name: 'An account of its own' })).toBeVisible();
    await page.getByText('Set applications up', { exact: true }).click();
    await field(page, 'Login name').fill('no such name');
    await page.getByRole('button', { name: 'Make it, and show its token' }).click();
    await expect(page.getByRole('alert')).toContainText('Letters without accents');
    await expect(field(page, 'Login name')).toHaveValue('no such name');
    await expect(page.getByRole('radio', { name: /^Set applications up/ })).toBeChecked();
    await a11y.audit();
    await field(page, 'Login name').fill('ostiary');
    await page.getByRole('button', { name: 'Make it, and show its token' }).click();
    const shown = page.getByRole('status').filter({ hasText: 'This is the key' });
    const key = await shown.locator('code').textContent();
    expect(key).toMatch(/^\w{60}$/);
    await a11y.audit();
    await page.goto(`${server.url}/settings/connection`);
    expect(await page.content()).not.toContain(key);
    await page.goto(`${server.url}/changes`);
    await page.getByRole('link', { name: /Make the service account/ }).click();
    await expect(page.getByText(/Give the role \d+ permissions/).first()).toBeVisible();
    await expect(page.getByText('Who may open what is not shown with this token').first()).toBeVisible();
    expect(await page.content()).not.toContain(key);
    await a11y.audit();
  } finally {
    await page.goto('about:blank');
    await server.stop();
  }
});

test('whom a proxy has signed in comes in without a page, also from another site', async ({ page, browser, contextOptions, a11y }) => {
  const secret = '0123456789abcdef0123456789abcdef';
  const server = await console_(page, 300, {
    OSTIARY_FORWARD_AUTH__PROXIES: '127.0.0.1',
    OSTIARY_FORWARD_AUTH__SECRET: secret,
  });
  const elsewhere = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(`<!doctype html><html lang="en"><title>Elsewhere</title><a href="${server.url}/people">To Ostiary</a>`);
  });
  await new Promise((done) => elsewhere.listen(0, '127.0.0.1', done));
  try {
    await setUp(page, server);
    const storageState = { cookies: [], origins: [] };
    const proxied = await browser.newContext({
      ...contextOptions,
      storageState,
      extraHTTPHeaders: { 'X-Ostiary-Forward-Auth': secret, 'X-authentik-username': 'niamh.kelly' },
    });
    const theirs = await proxied.newPage();
    await theirs.goto(`${server.url}/people`);
    await expect(theirs.getByRole('heading', { level: 1, name: 'People' })).toBeVisible();
    await expect(theirs.getByText('Signed in as')).toContainText('niamh.kelly');
    await theirs.goto(`http://localhost:${elsewhere.address().port}/`);
    await theirs.getByRole('link', { name: 'To Ostiary' }).click();
    await expect(theirs.getByRole('heading', { level: 1, name: 'People' })).toBeVisible();
    await theirs.goto(`${server.url}/settings/sessions`);
    await expect(theirs.getByText('through a proxy')).toHaveCount(1);
    await theirs.goto(`${server.url}/sign-in?other=1`);
    await expect(theirs.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible();
    await proxied.close();
    await page.goto(`${server.url}/settings/sessions`);
    await expect(page.getByText('through a proxy')).toHaveCount(1);
    await a11y.audit();
  } finally {
    await page.goto('about:blank');
    elsewhere.close();
    await server.stop();
  }
});
