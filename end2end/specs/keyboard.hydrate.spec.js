// “I do not use a mouse.”
import { expect, test } from '../support/fixtures.js';
import { field } from '../support/wizard.js';

/** Presses Tab until something with this name has the focus. */
async function tabTo(page, role, name) {
  const wanted = page.getByRole(role, { name, exact: true }).first();
  for (let presses = 0; presses < 400; presses += 1) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${role} “${name}” is not reached by Tab`);
}

test('the wizard, by keyboard alone', async ({ page, unique }) => {
  const name = `Keys ${unique}`;
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  await tabTo(page, 'link', 'Set up an application');
  await page.keyboard.press('Enter');
  const heading = page.getByRole('heading', { level: 1 });
  await expect(heading).toHaveText('Set up an application');

  // The hint appears when the key works.
  await expect(page.getByText('/', { exact: true })).toBeVisible();
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox', { name: 'Search the gallery' })).toBeFocused();
  await page.keyboard.type('grafana');
  await expect(page.getByRole('list', { name: 'Applications of the gallery' }).getByRole('button')).toHaveCount(1);
  await tabTo(page, 'button', 'Grafana');
  await page.keyboard.press('Enter');
  await expect(heading).toContainText('Address: Grafana');

  await page.keyboard.press('Tab');
  await field(page, 'Address').focus();
  await page.keyboard.type(`https://keys-${unique}.example.com`);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Control+a');
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
  await expect(heading).toContainText(`Access: ${name}`);

  await tabTo(page, 'checkbox', 'engineering');
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await expect(heading).toContainText(`Review: ${name}`);
  await tabTo(page, 'button', 'Apply');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: `${name} is set up` })).toBeVisible();
});

test('the skip link leads to the content, and the focus is visible', async ({ page }) => {
  await page.goto('/presets');
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to content' });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  const outline = await skip.evaluate((link) => getComputedStyle(link).outlineStyle);
  expect(outline).not.toBe('none');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
});

test('errors take the focus and lead to their fields', async ({ page }) => {
  await page.goto('/presets/grafana');
  await page.getByRole('button', { name: 'Set up Grafana' }).click();
  await field(page, 'Address').fill('nonsense');
  await page.keyboard.press('Enter');
  const summary = page.getByRole('alert').filter({ hasText: 'Please correct this before going on' });
  await expect(summary).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(field(page, 'Address')).toBeFocused();
  await expect(field(page, 'Address')).toHaveValue('nonsense');
});
