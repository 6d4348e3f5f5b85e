// “Who can open what?”
import { expect, test, versions } from '../support/fixtures.js';
import { Server } from '../support/server.js';

/** The cell of a row and a column of the map. */
async function cell(page, row, column) {
  const table = page.getByRole('table');
  const heads = await table.getByRole('columnheader').allTextContents();
  const at = heads.findIndex((head) => head.trim() === column);
  expect(at, `column ${column}`).toBeGreaterThan(0);
  const line = table.getByRole('row').filter({ has: page.getByRole('rowheader', { name: row }) });
  return line.getByRole('cell').nth(at - 1);
}

for (const version of versions) {
  test.describe(`authentik ${version}`, () => {
    test.use({ version });

    test('the map says what authentik says, and each cell leads to its reason', async ({ page, api }) => {
      await page.goto('/access');
      await expect(page.getByRole('table', { name: 'Groups by applications' })).toBeVisible();
      const family = await cell(page, /^family/, 'Jellyfin');
      await expect(family).toContainText('everyone gets in');
      await expect(await cell(page, /^contractors/, 'Jellyfin')).toContainText('nobody gets in');
      await expect(await cell(page, /^kids/, 'Jellyfin')).toContainText('everyone gets in');
      await family.getByRole('link').click();
      await expect(page).toHaveURL(/\/access\/why\?group=.*application=jellyfin/);
      const members = page.getByRole('table', { name: 'Members' });
      await expect(members.getByRole('rowheader', { name: 'Jodie Marsh' })).toBeVisible();
      await members.getByRole('row', { name: /Jodie Marsh/ }).getByRole('link', { name: /Why/ }).click();
      await expect(page.getByText('authentik agrees: it lets them in')).toBeVisible();
      const { results } = await api.read('/core/users/?username=kofi.mensah');
      const said = await api.read(`/core/applications/jellyfin/check_access/?for_user=${results[0].pk}`);
      expect(said.passing).toBe(false);
    });
  });
}

test('people, filters and searches live in the address', async ({ page, js, a11y }) => {
  await page.goto('/access');
  await page.getByRole('navigation', { name: 'Rows' }).getByRole('link', { name: 'By person' }).click();
  await expect(page).toHaveURL(/by=people/);
  await expect(page.getByRole('table', { name: 'People by applications' })).toBeVisible();
  await a11y.audit();

  const search = page.getByRole('searchbox', { name: 'Search people' });
  await search.fill('jodie');
  await page.getByRole('searchbox', { name: 'Search applications' }).fill('jelly');
  if (!js) await search.press('Enter');
  await expect(page.getByRole('status').filter({ hasText: '1 person, 1 application' })).toBeVisible();
  await expect(page).toHaveURL(/by=people&q=jodie&app=jelly|q=jodie/);
  const cells = page.getByRole('table').getByRole('cell');
  await expect(cells).toHaveCount(1);
  await expect(cells.first()).toContainText('gets in');
  await cells.first().getByRole('link').click();
  await expect(page.getByText(/can open/).first()).toBeVisible();

  await page.goto('/access?verdict=some');
  await expect(page.getByRole('table').getByText(/\d+ of \d+ get in/).first()).toBeAttached();
  await page.goto('/access?q=nothing-is-called-so');
  await expect(page.getByText('Nothing fits')).toBeVisible();
});

test('the verdict is chosen from a list', async ({ page, js }) => {
  await page.goto('/access?by=people');
  await page.getByRole('combobox', { name: 'Only where' }).selectOption('in');
  if (!js) await page.getByRole('button', { name: 'Search' }).click();
  await expect(page).toHaveURL(/verdict=in/);
  await expect(page.getByRole('table').getByText('✓').first()).toBeVisible();
});

test('what is shown can be loaded again', async ({ page }) => {
  await page.goto('/access?q=family');
  await expect(page.getByText(/^As of /)).toBeVisible();
  await page.getByRole('link', { name: 'Load again' }).click();
  await expect(page).toHaveURL(/\/access\?q=family$/);
  await expect(page.getByText('1 group, ')).toBeVisible();
});

test('the map can be taken along as a file', async ({ page, api, request }) => {
  await page.goto('/access?q=family&app=jellyfin');
  const href = await page.getByRole('link', { name: 'CSV' }).getAttribute('href');
  const csv = await api.context.get(href);
  expect(csv.headers()['content-type']).toContain('text/csv');
  const [head, line] = (await csv.text()).split('\r\n');
  expect(head).toBe('group,key,jellyfin');
  expect(line).toMatch(/^family,[0-9a-f-]{36},everyone$/);
  const json = await (await api.context.get('/api/access.json?by=people&q=jodie')).json();
  expect(json.rows).toHaveLength(1);
  expect(json.rows[0].cells).toContain('allowed');
  expect((await request.get('/api/access.csv', { headers: { cookie: '' } })).status()).toBe(401);
});

test('a change set is seen at once', async ({ browser, contextOptions }) => {
  const server = await Server.start();
  try {
    const page = await server.page(browser, contextOptions);
    await page.goto('/access');
    const draft = { preset: 'grafana', name: 'Grafana', base_url: 'https://g.example.com', access: { groups: ['family'] } };
    const { id } = await server.post('/api/changes', { kind: 'oidc-application', draft });
    await server.post(`/api/changes/${id}/apply`, {});
    await expect.poll(() => server.state(id)).toBe('applied');
    await page.goto('/access');
    await expect(await cell(page, /^family/, 'Grafana')).toContainText('everyone gets in');
    await page.context().close();
  } finally {
    await server.stop();
  }
});
