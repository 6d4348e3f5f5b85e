// “Does Ostiary know my application, and what does it know about it?”
import { expect, test } from '../support/fixtures.js';

test('the gallery is searched by other names too, and narrowed down by category', async ({ page, js, a11y }) => {
  await page.goto('/presets');
  const tiles = page.getByRole('list', { name: 'Applications of the gallery' }).getByRole('listitem');
  await expect(tiles).toHaveCount(169);
  await a11y.audit();

  const search = page.getByRole('searchbox', { name: 'Search the gallery' });
  await search.fill('pkce');
  if (!js) await search.press('Enter');
  await expect(tiles).toHaveCount(1);
  await expect(tiles.getByRole('link', { name: /public client/ })).toBeVisible();

  await page.goto('/presets');
  await page.getByRole('navigation', { name: 'Categories' }).getByRole('link', { name: /^Monitoring/ }).click();
  await expect(tiles.getByRole('link', { name: 'Grafana', exact: true })).toBeVisible();
  await expect(tiles.getByRole('link', { name: 'Gitea', exact: true })).toHaveCount(0);

  await page.goto('/presets?q=nothing-is-called-so');
  await expect(page.getByText('Nothing found for “nothing-is-called-so”')).toBeVisible();
});

test('a preset shows its facts and starts a set-up', async ({ page }) => {
  await page.goto('/presets/gitea');
  const facts = page.getByRole('region', { name: 'Facts' });
  await expect(facts.getByText('{base}/user/oauth2/{source_name}/callback')).toBeVisible();
  await expect(facts.getByText('Ostiary: Gitea role')).toBeVisible();
  await page.getByRole('button', { name: 'Set up Gitea' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Address: Gitea' })).toBeVisible();
});

test('what cannot be set up yet is listed, and says so', async ({ page, api }) => {
  const { presets } = await (await api.context.get('/api/presets')).json();
  const coming = presets.find(({ available }) => !available);
  await page.goto(`/new?q=${encodeURIComponent(coming.name)}`);
  await expect(page.getByText('Guided set-up coming').first()).toBeVisible();
  await expect(page.getByRole('button', { name: coming.name, exact: true })).toHaveCount(0);
  await page.goto(`/presets/${coming.id}`);
  await expect(page.getByText('The guided set-up for this one is still to come')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Set up/ })).toHaveCount(0);
});
