// “Which doors are open?”
import { expect, test, versions } from '../support/fixtures.js';

for (const version of versions) {
  test.describe(`authentik ${version}`, () => {
    test.use({ version });

    test('open doors are counted on the overview and listed with their reason', async ({ page, a11y }) => {
      await page.goto('/');
      await page.getByRole('link', { name: 'Show open doors' }).click();
      await expect(page.getByRole('heading', { level: 1, name: 'Open doors' })).toBeVisible();
      const row = page.getByRole('table', { name: 'Open doors' }).getByRole('row', { name: /Status page/ });
      await expect(row).toContainText('Open to everyone');
      await expect(row).toContainText('has no binding: everyone gets in.');
      await expect(row.getByRole('cell').last()).toHaveText(/^\d+$/);
      await a11y.audit();
      await page.getByRole('navigation', { name: 'What is the matter' }).getByRole('link', { name: /^Nobody gets in/ }).click();
      await expect(page).toHaveURL(/kind=shut/);
      await page.goto('/access/doors');
      await row.getByRole('link', { name: 'Status page' }).first().click();
      await expect(page).toHaveURL(/\/applications\/status-page/);
    });
  });
}
