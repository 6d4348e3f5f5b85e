// “What can X see?”
import { expect, test, versions } from '../support/fixtures.js';

for (const version of versions) {
  test.describe(`authentik ${version}`, () => {
    test.use({ version });

    test('a person is found and shows groups, applications and sign-ins', async ({ page, js, a11y }) => {
      await page.goto('/people');
      const search = page.getByRole('searchbox', { name: 'Search people' });
      await search.fill('elli');
      if (!js) await search.press('Enter');
      const rows = page.getByRole('table', { name: 'People' }).getByRole('row');
      await expect(rows).toHaveCount(2);
      await a11y.audit();
      await page.getByRole('link', { name: 'Elli Marsh' }).click();
      await expect(page.getByRole('heading', { level: 1, name: 'Elli Marsh' })).toBeVisible();
      const groups = page.getByRole('table', { name: 'Groups of this person' });
      await expect(groups.getByRole('row', { name: /^kids/ })).toContainText('Direct');
      await expect(groups.getByRole('row', { name: /^family/ })).toContainText('Inherited through “kids”');
      const applications = page.getByRole('table', { name: 'Applications of this person' });
      await expect(applications.getByRole('row', { name: /^Jellyfin/ })).toContainText('Gets in');
      await expect(applications.getByRole('row', { name: /^Argo CD/ })).toContainText('Does not get in');
      await expect(page.getByRole('table', { name: 'Recent sign-ins' }).getByText('Signed in').first()).toBeVisible();
    });
  });
}

test('people are narrowed down to those who may not sign in', async ({ page }) => {
  await page.goto('/people');
  await page.getByRole('navigation', { name: 'State of the account' }).getByRole('link', { name: 'May not sign in' }).click();
  await expect(page).toHaveURL(/state=inactive/);
  await expect(page.getByRole('link', { name: 'Reception (temporary)' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Jodie Marsh' })).toHaveCount(0);
});

test('names in every script are shown as they are', async ({ page }) => {
  await page.goto('/people?q=fatima');
  const name = page.getByRole('link', { name: 'فاطمة الزهراء' });
  await expect(name.locator('bdi')).toBeVisible();
  await name.click();
  await expect(page.getByRole('heading', { level: 1, name: 'فاطمة الزهراء' })).toBeVisible();
});

test('who is not there is not found, and a page that is not there is the first', async ({ page }) => {
  expect((await page.goto('/people/99999')).status()).toBe(404);
  await expect(page.getByRole('alert')).toContainText('There is no person 99999');
  expect((await page.goto('/people/nobody')).status()).toBe(404);
  expect((await page.goto('/people?page=999')).status()).toBe(200);
  await expect(page.getByRole('table', { name: 'People' })).toBeVisible();
  await page.goto('/people?q=no-such-person');
  await expect(page.getByText('Nobody fits')).toBeVisible();
});
