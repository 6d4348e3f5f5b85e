// “Why can’t Jodie open Argo CD?”
import { createServer } from 'node:http';
import { expect, test, versions } from '../support/fixtures.js';
import { Server } from '../support/server.js';

for (const version of versions) {
  test.describe(`authentik ${version}`, () => {
    test.use({ version });

    test('the question is asked on the overview and answered with reason, picture and fixes', async ({ page, api, a11y }) => {
      const { results } = await api.read('/core/users/?username=jodie.marsh');
      await page.goto('/');
      const box = page.getByRole('region', { name: 'Why can somebody open something, or not?' });
      await box.getByRole('combobox', { name: 'Person' }).selectOption(String(results[0].pk));
      await box.getByRole('combobox', { name: 'Application' }).selectOption('argo-cd');
      await box.getByRole('button', { name: 'Why?' }).click();

      const answer = page.getByRole('region', { name: 'The answer' });
      await expect(answer.getByText('Does not get in')).toBeVisible();
      await expect(answer).toContainText('cannot open');
      await expect(answer.getByRole('img', { name: /is not in/ })).toHaveAccessibleName(/Jodie Marsh.*is not in.*platform.*Argo CD/);
      await expect(answer.getByText('authentik agrees: it refuses them')).toBeVisible();
      const bindings = page.getByRole('table', { name: 'Bindings one by one' });
      await expect(bindings.getByRole('row').nth(1)).toContainText('Failed');
      const fixes = page.getByRole('region', { name: 'What would let them in' });
      await expect(fixes.getByRole('listitem').filter({ hasText: /Add “Jodie Marsh” to “(platform|on-call)”/ }).first()).toBeVisible();
      await a11y.audit();
      await answer.getByRole('link', { name: 'Jodie Marsh' }).first().click();
      await expect(page.getByRole('heading', { level: 1, name: 'Jodie Marsh' })).toBeVisible();
    });

    test('who gets in, gets in through a chain of groups', async ({ page, api }) => {
      const { results } = await api.read('/core/users/?username=elli.marsh');
      await page.goto(`/access/why?user=${results[0].pk}&application=jellyfin`);
      const answer = page.getByRole('region', { name: 'The answer' });
      await expect(answer.getByText('Gets in', { exact: true })).toBeVisible();
      await expect(answer.getByRole('img', { name: /is in/ })).toHaveAccessibleName(/is in.*kids.*lies below.*family.*Jellyfin/);
      await expect(answer.getByText('authentik agrees: it lets them in')).toBeVisible();
    });
  });
}

test('who may not sign in gets in nowhere, whatever the policy engine says', async ({ page, api }) => {
  const { results } = await api.read('/core/users/?username=temp.reception');
  await page.goto(`/access/why?user=${results[0].pk}&application=status-page`);
  const answer = page.getByRole('region', { name: 'The answer' });
  await expect(answer).toContainText('the account is deactivated');
  await expect(answer.getByText('authentik agrees: it lets them in')).toBeVisible();
  await expect(answer).toContainText('this one may not, so nothing opens');
});

test('people are found by name, username and e-mail address', async ({ page }) => {
  await page.goto('/access/why?find=marsh&application=jellyfin');
  await page.getByRole('region', { name: 'Whom do you mean?' }).getByRole('link', { name: /Jodie Marsh/ }).click();
  await expect(page.getByText('Gets in', { exact: true })).toBeVisible();
  await page.goto('/access/why?find=jodie.marsh@lindenhof.example&application=jellyfin');
  await expect(page.getByText('Gets in', { exact: true })).toBeVisible();
  await page.goto('/access/why?find=no-such-person&application=jellyfin');
  await expect(page.getByText('Nobody was found')).toBeVisible();
});

test('half a question asks for the other half, and a wrong one says so', async ({ page }) => {
  await page.goto('/access/why');
  await expect(page.getByText('Nothing asked yet')).toBeVisible();
  await page.goto('/access/why?application=jellyfin');
  await expect(page.getByText('Choose the person as well.')).toBeVisible();
  expect((await page.goto('/access/why?user=99999&application=jellyfin')).status()).toBe(404);
  await expect(page.getByRole('alert')).toContainText('There is no person 99999');
});

/** An authentik whose token is no superuser’s. */
async function withoutRights() {
  const version = { version_current: '2026.5.0', version_latest: '2026.5.0', build_hash: '', outdated: false };
  const user = { pk: 7, username: 'helper', name: 'Helper', is_active: true, is_superuser: false, groups: [] };
  const list = { pagination: { next: 0, previous: 0, count: 0, current: 1, total_pages: 1, start_index: 0, end_index: 0 }, results: [] };
  const answers = { '/api/v3/admin/version/': version, '/api/v3/core/users/me/': { user }, '/api/v3/admin/settings/': { flags: {} } };
  const server = createServer((request, response) => {
    const path = request.url.split('?')[0];
    response.writeHead(path.includes('schema') ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answers[path] ?? list));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

test('a token that is no superuser’s: nothing is shown half', async ({ browser, contextOptions }) => {
  const upstream = await withoutRights();
  const env = { OSTIARY_AUTHENTIK__URL: upstream.url, OSTIARY_AUTHENTIK__TOKEN: 'c4n4ry-token' };
  const server = await Server.start({ env });
  try {
    const page = await server.page(browser, contextOptions);
    for (const path of ['/access', '/access/doors', '/access/why', '/people', '/people/1', '/groups']) {
      const answer = await page.goto(path);
      expect(answer.status(), path).toBe(403);
      await expect(page.getByRole('alert'), path).toContainText('These answers need a superuser’s token');
      await expect(page.getByRole('alert'), path).toContainText('OSTIARY_AUTHENTIK__TOKEN');
    }
    await page.goto('/');
    await expect(page.getByText('Who can open what is not shown')).toBeVisible();
    await expect(page.getByText('Not a superuser', { exact: true })).toBeVisible();
    const refused = await server.get('/api/access.json');
    expect(refused.error.code).toBe('not_superuser');
    await page.context().close();
  } finally {
    upstream.close();
    await server.stop();
  }
});

/** authentik, but `check_access` says the opposite for one application. */
async function contrary(target) {
  const server = createServer(async (request, response) => {
    const answer = await fetch(target.url + request.url, { headers: { cookie: target.cookie } });
    let body = await answer.text();
    if (request.url.includes('/check_access/')) body = body.replace(/"passing":\s*(true|false)/, (_, said) => `"passing":${said !== 'true'}`);
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' });
    response.end(body);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

test('a disagreement with authentik is loud', async ({ browser, contextOptions }) => {
  const honest = await Server.start();
  const upstream = await contrary(honest);
  const env = { OSTIARY_AUTHENTIK__URL: upstream.url, OSTIARY_AUTHENTIK__TOKEN: 'none' };
  const server = await Server.start({ env });
  try {
    const page = await server.page(browser, contextOptions);
    await page.goto('/access/why?find=jodie.marsh&application=jellyfin');
    await expect(page.getByText('authentik disagrees: it refuses them')).toBeVisible();
    await expect(page.getByText('Trust authentik')).toBeVisible();
    await page.context().close();
  } finally {
    upstream.close();
    await server.stop();
    await honest.stop();
  }
});
