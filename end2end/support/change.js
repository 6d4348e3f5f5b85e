// A change set, carried out and taken back by what its page says.
import { expect } from '@playwright/test';

/** The page loads itself anew once the work is over: then it follows no events any more. */
async function settled(page) {
  await expect(page.locator('leptos-island[data-component^="FollowEvents"]')).toHaveCount(0);
}

/** Applies the plan on the page and waits until it is done and authentik says so. */
export async function apply(page) {
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await expect(page.getByText('Applied', { exact: true }).first()).toBeVisible();
  await settled(page);
  const said = page.getByRole('region', { name: 'What authentik says' });
  await expect(said.getByText(/^([1-9]\d* checks? passed$|There is nobody to ask about)/)).toBeVisible();
}

/** Undoes the change set on the page. */
export async function undo(page, js) {
  await page.getByRole('link', { name: 'Undo the change set' }).click();
  const where = js ? page.getByRole('dialog') : page;
  await where.getByRole('button', { name: js ? 'Undo now' : 'Undo the change set' }).click();
  await expect(page.getByText('Undone', { exact: true }).first()).toBeVisible();
  await settled(page);
}
