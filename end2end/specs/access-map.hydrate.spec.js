// The access map by keyboard.
import { expect, test } from '../support/fixtures.js';
import { removeGroup, someGroup } from '../support/access.js';

/** What the focused link stands in: row and column from 0. */
const place = (page) =>
  page.evaluate(() => {
    const cell = document.activeElement.closest('td, th');
    return cell && [cell.parentElement.rowIndex, cell.cellIndex];
  });

test('arrow keys lead through the map, and Enter opens a cell', async ({ page }) => {
  await page.goto('/access');
  await expect(page.getByText(/arrow keys lead from cell to cell/)).toBeVisible();
  const first = page.getByRole('table').getByRole('cell').first().getByRole('link');
  await first.focus();
  expect(await place(page)).toEqual([1, 1]);
  for (const [key, expected] of [
    ['ArrowDown', [2, 1]],
    ['ArrowRight', [2, 2]],
    ['ArrowUp', [1, 2]],
    ['ArrowUp', [0, 2]],
    ['ArrowUp', [0, 2]],
    ['Home', [0, 2]],
    ['ArrowDown', [1, 2]],
    ['Home', [1, 0]],
    ['ArrowLeft', [1, 0]],
  ]) {
    await page.keyboard.press(key);
    expect(await place(page), key).toEqual(expected);
  }
  await page.keyboard.press('Control+End');
  const [row, column] = await place(page);
  expect(row).toBe((await page.getByRole('table').getByRole('row').count()) - 1);
  expect(column).toBe((await page.getByRole('columnheader').count()) - 1);
  await expect(page.locator(':focus')).toBeInViewport();
  await page.keyboard.press('Tab');
  expect(await place(page), 'Tab leaves the table').toBeNull();
  await page.keyboard.press('Shift+Tab');
  expect(await place(page), 'and comes back to the same cell').toEqual([row, column]);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/access\/why/);
});

test('the keys still work after a search', async ({ page }) => {
  await page.goto('/access');
  await page.getByRole('searchbox', { name: 'Search groups' }).fill('k');
  await expect(page).toHaveURL(/q=k/);
  const rows = page.getByRole('table').getByRole('row');
  await expect(rows.filter({ hasText: 'family' })).toHaveCount(0);
  await page.getByRole('table').getByRole('cell').first().getByRole('link').focus();
  await page.keyboard.press('ArrowRight');
  expect(await place(page)).toEqual([1, 2]);
});

test('the map follows what changes while it is looked at', async ({ page, api, unique }) => {
  const group = await someGroup(api, unique);
  await page.clock.install();
  await page.goto(`/access?fresh=1&q=${encodeURIComponent(group)}`);
  const row = page.getByRole('row', { name: new RegExp(group) });
  await expect(row).toContainText('no members who may sign in');
  await page.evaluate(() => (window.stays = true));
  await api.change('membership', { groups: [group], add: ['jodie.marsh'] });
  await page.clock.fastForward(61_000);
  await expect(row).toContainText('(of 1 person)');
  expect(await page.evaluate(() => window.stays), 'without loading the page anew').toBe(true);
  await removeGroup(api, group);
});

test('what is chosen before the page is awake is searched for once it is', async ({ page }) => {
  let wake;
  const asleep = new Promise((resolve) => (wake = resolve));
  await page.route('**/*.wasm', async (route) => {
    await asleep;
    await route.continue();
  });
  await page.goto('/access?by=people', { waitUntil: 'domcontentloaded' });
  await page.getByRole('combobox', { name: 'Only where' }).selectOption('in');
  await expect(page).toHaveURL(/by=people$/);
  wake();
  await expect(page).toHaveURL(/verdict=in/);
});
