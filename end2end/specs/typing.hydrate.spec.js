// “Tell me while I type.”
import { expect, test } from '../support/fixtures.js';
import { Wizard, field } from '../support/wizard.js';

test('a taken slug and the redirect URIs are shown while typing', async ({ page }) => {
  const wizard = new Wizard(page);
  await wizard.choose('Grafana');
  const callbacks = page.getByRole('region', { name: 'Sign-ins come back to' });
  await expect(callbacks).toContainText('They follow from the address.');
  await field(page, 'Address').fill('https://grafana.example.com/sub/');
  await expect(callbacks).toContainText('https://grafana.example.com/sub/login/generic_oauth');

  await field(page, 'Name').fill('Outline');
  await expect(page.getByText('The slug will be outline')).toBeVisible();
  await expect(page.getByText('The slug “outline” belongs to the application “Outline” already.')).toBeVisible();
  await expect(field(page, 'Slug')).toHaveAttribute('aria-invalid', 'true');
  await field(page, 'Slug').fill('grafana-typed');
  await expect(page.getByText('belongs to the application')).toHaveCount(0);
  await expect(field(page, 'Slug')).not.toHaveAttribute('aria-invalid', 'true');

  await field(page, 'Address').fill('grafana');
  await field(page, 'Name').focus();
  await expect(field(page, 'Address')).toHaveAttribute('aria-invalid', 'true');
});

test('the list of groups is narrowed down, and what is chosen stays chosen', async ({ page }) => {
  const wizard = new Wizard(page);
  await wizard.choose('Grafana');
  await wizard.address({ Address: 'https://grafana.example.com' });
  const box = (name) => page.getByRole('checkbox', { name, exact: true });
  await box('engineering').check();
  await page.getByRole('searchbox', { name: 'Narrow the list' }).fill('FAM');
  await expect(box('family')).toBeVisible();
  await expect(box('engineering')).toBeHidden();
  await page.keyboard.press('Enter');
  await wizard.on('Access');
  await page.getByRole('searchbox', { name: 'Narrow the list' }).fill('');
  await expect(box('engineering')).toBeChecked();

  // Groups are not asked for where everyone may enter.
  await page.getByText('Everyone', { exact: true }).click();
  await expect(box('family')).toBeHidden();
});

test('a search follows the typing, and the address keeps it', async ({ page }) => {
  await page.goto('/presets');
  await expect(page.getByText('/', { exact: true })).toBeVisible();
  const tiles = page.getByRole('list', { name: 'Applications of the gallery' });
  await page.getByRole('searchbox', { name: 'Search the gallery' }).pressSequentially('grafan');
  await expect(tiles.getByRole('listitem')).toHaveCount(1);
  await expect(page).toHaveURL(/\/presets\?q=grafan$/);
  await expect(page.getByRole('searchbox', { name: 'Search the gallery' })).toBeFocused();
  await page.reload();
  await expect(tiles.getByRole('listitem')).toHaveCount(1);
});
