// “Light or dark, as I like it.”
import { expect, test } from '../support/fixtures.js';

test('the theme is switched and kept', async ({ page, a11y }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto('/presets');
  const html = page.locator('html');
  const background = () => page.locator('html').evaluate((html) => getComputedStyle(html).backgroundColor);
  const light = await background();
  const themes = page.getByRole('group', { name: 'Theme' });
  await themes.getByRole('button', { name: 'Dark' }).click();
  await expect(html).toHaveAttribute('data-theme', 'dark');
  await expect(themes.getByRole('button', { name: 'Dark' })).toHaveAttribute('aria-pressed', 'true');
  await expect(page).toHaveURL(/\/presets$/);
  expect(await background()).not.toBe(light);
  await page.goto('/applications');
  await expect(html).toHaveAttribute('data-theme', 'dark');
  await a11y.audit();
  await page.getByRole('group', { name: 'Theme' }).getByRole('button', { name: 'Light' }).click();
  await expect(html).toHaveAttribute('data-theme', 'light');
  expect(await background()).toBe(light);
});

test('without a choice the theme follows the system', async ({ page }) => {
  const background = () => page.locator('html').evaluate((html) => getComputedStyle(html).backgroundColor);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto('/');
  const light = await background();
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await background()).not.toBe(light);
});

test('at 390 pixels nothing is cut off', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const path of ['/', '/applications', '/applications/outline', '/new', '/presets/gitea', '/changes']) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width, path).toBeLessThanOrEqual(390);
  }
});
