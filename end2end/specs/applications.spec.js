// “Which doors are there, and which are open?”
import { expect, test } from '../support/fixtures.js';

test('the list is searched and narrowed down, and says what is open', async ({ page, js }) => {
  await page.goto('/applications');
  const rows = page.getByRole('table', { name: 'Applications' }).getByRole('row');
  await expect(page.getByRole('link', { name: 'Outline' })).toBeVisible();
  const all = await rows.count();
  expect(all).toBeGreaterThan(12);

  const search = page.getByRole('searchbox', { name: 'Search applications' });
  await search.fill('outline');
  if (!js) await search.press('Enter');
  await expect(rows).toHaveCount(2);
  await expect(page).toHaveURL(/q=outline/);

  await page.goto('/applications');
  await page.getByRole('navigation', { name: 'Who may enter' }).getByRole('link', { name: /^Open/ }).click();
  await expect(page).toHaveURL(/access=open/);
  const table = page.getByRole('table', { name: 'Applications' });
  await expect(table.getByText('Open to everyone').first()).toBeVisible();
  await expect(table.getByText('Restricted', { exact: true })).toHaveCount(0);

  await page.goto('/applications?q=nothing-is-called-so');
  await expect(page.getByText('No application fits')).toBeVisible();
});

test('an application shows how it is connected, who may enter, and whether it works', async ({ page, a11y }) => {
  await page.goto('/applications/outline');
  await expect(page.getByRole('heading', { level: 1, name: 'Outline' })).toBeVisible();
  const endpoints = page.getByRole('region', { name: 'Endpoints' });
  await expect(endpoints.getByText(/\/application\/o\/outline\/\.well-known\/openid-configuration$/)).toBeVisible();
  await expect(page.getByRole('region', { name: 'Redirect URIs' }).getByText(/auth\/oidc\.callback$/)).toBeVisible();
  await expect(page.getByRole('region', { name: 'Who may enter' }).getByRole('rowheader', { name: 'staff' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Scopes' }).getByText('openid', { exact: true })).toBeVisible();
  await a11y.audit();

  await page.getByRole('link', { name: 'Run the checks' }).click();
  const checks = page.getByRole('list', { name: 'Checks' }).getByRole('listitem');
  await expect(checks.first()).toContainText('Passed');
  await page.getByRole('link', { name: 'Run the checks again' }).click();
  await expect(page).toHaveURL(/checks=2/);
  await expect(checks.first()).toContainText('Passed');
});

test('the application’s own side is shown for a chosen preset, the secret on demand', async ({ page }) => {
  await page.goto('/applications/outline');
  const side = page.getByRole('region', { name: 'The application’s own side' });
  await side.getByRole('combobox', { name: 'Preset' }).selectOption({ label: 'Outline' });
  await side.getByRole('button', { name: 'Show the configuration' }).click();
  await expect(side.getByText(/OIDC_CLIENT_ID/).first()).toBeVisible();
  await side.getByRole('button', { name: 'Reveal the secret' }).click();
  await expect(side.getByText('••••••••')).toHaveCount(0);
});

test('the provider without signing key is found by its checks', async ({ page, api }) => {
  const { results } = await api.read('/providers/oauth2/?page_size=100');
  const unsigned = results.find((provider) => provider.signing_key === null && provider.assigned_application_slug);
  await page.goto(`/applications/${unsigned.assigned_application_slug}?checks=1`);
  const checks = page.getByRole('list', { name: 'Checks' });
  await expect(checks.getByText(/the key set is empty/)).toBeVisible();
});

test('an application that is not there says so', async ({ page }) => {
  const answer = await page.goto('/applications/no-such-thing');
  expect(answer.status()).toBe(404);
  await expect(page.getByRole('alert')).toContainText('There is no');
});
