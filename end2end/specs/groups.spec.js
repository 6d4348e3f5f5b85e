// “Who is in it, and what does it open?”
import { expect, test, versions } from '../support/fixtures.js';

for (const version of versions) {
  test.describe(`authentik ${version}`, () => {
    test.use({ version });

    test('the tree of groups leads to members and applications', async ({ page, a11y }) => {
      await page.goto('/groups');
      const rows = page.getByRole('table', { name: 'Groups' }).getByRole('row');
      await expect(rows.filter({ hasText: /^kids, below family/ })).toHaveCount(1);
      await expect(rows.filter({ hasText: /authentik Admins/ })).toContainText('Superuser');
      await a11y.audit();
      await page.getByRole('table').getByRole('link', { name: 'family', exact: true }).click();
      await expect(page.getByRole('heading', { level: 1, name: 'family' })).toBeVisible();
      const members = page.getByRole('table', { name: 'Members' });
      await expect(members.getByRole('row', { name: /^Jodie Marsh/ })).toContainText('Direct');
      await expect(members.getByRole('row', { name: /^Elli Marsh/ })).toContainText('Through “kids”');
      const opens = page.getByRole('table', { name: 'Applications that it opens' });
      await expect(opens.getByRole('row', { name: /^Jellyfin/ })).toContainText('everyone gets in');
      await opens.getByRole('link', { name: 'Jellyfin' }).click();
      await expect(page).toHaveURL(/\/applications\/jellyfin/);
    });
  });
}

test('a group below another opens what that one opens', async ({ page, js }) => {
  await page.goto('/groups?q=on-call');
  await page.getByRole('link', { name: 'on-call' }).click();
  const opens = page.getByRole('table', { name: 'Applications that it opens' });
  await expect(opens.getByRole('row', { name: /^Outline/ })).toContainText('staff, above it');
  const search = page.getByRole('searchbox', { name: 'Search members' });
  await search.fill('aylin');
  if (!js) await search.press('Enter');
  await expect(page.getByRole('table', { name: 'Members' }).getByRole('row')).toHaveCount(2);
});

test('superusers are said to be no exception', async ({ page }) => {
  await page.goto('/groups?q=admins');
  await page.getByRole('link', { name: 'authentik Admins' }).click();
  await expect(page.getByText('Its members are superusers')).toBeVisible();
  await expect(page.getByText(/bindings hold for superusers as for everybody else/)).toBeVisible();
});

test('a group that is not there says so', async ({ page }) => {
  for (const pk of ['nonsense', '00000000-0000-0000-0000-000000000000']) {
    expect((await page.goto(`/groups/${pk}`)).status()).toBe(404);
    await expect(page.getByRole('alert')).toContainText('There is no group');
  }
});
