// “These groups may open these applications”: chosen, looked at person by person, applied, verified.
import { expect, test, versions } from '../support/fixtures.js';
import { removeGroup, someGroup } from '../support/access.js';
import { apply, undo } from '../support/change.js';
import { field } from '../support/wizard.js';

const everybody = (page) => page.getByRole('table', { name: 'Everybody, one by one' }).getByRole('row');

for (const version of versions) {
  test.describe(`authentik ${version}`, () => {
    test.use({ version });

    test('a group is let into an application, and authentik agrees', async ({ page, api, a11y, unique, js }) => {
      // Whoever is in it is in no other group that opens the application.
      const group = await someGroup(api, unique, ['aylin.demir']);
      const slug = await api.setUp(unique, ['family']);
      await page.goto('/access?fresh=1');
      await page.getByRole('navigation', { name: 'Access' }).getByRole('link', { name: 'Bindings' }).click();
      await page.getByRole('link', { name: 'Let groups or people in' }).click();
      await page.getByRole('checkbox', { name: slug, exact: true }).check();
      await a11y.audit();
      await page.getByRole('button', { name: 'Continue', exact: true }).click();
      await expect(page.getByRole('heading', { level: 1, name: 'Who is let in?' })).toBeVisible();
      await page.getByRole('checkbox', { name: group, exact: true }).check();
      await page.getByRole('checkbox', { name: `Create the group “${slug}-users”` }).check();
      await a11y.audit();
      await page.getByRole('button', { name: 'See who gains and who loses' }).click();
      await expect(page.getByRole('heading', { level: 1, name: 'What it does to people' })).toBeVisible();
      await a11y.audit();
      await page.getByRole('button', { name: 'Review the plan' }).click();
      await apply(page);
      const said = page.getByRole('region', { name: 'What authentik says' });
      await expect(said.getByText('“Aylin Demir” gets into')).toBeVisible();
      expect((await api.boundGroups(slug)).sort()).toEqual(['family', group, `${slug}-users`].sort());
      await undo(page, js);
      expect(await api.boundGroups(slug)).toEqual(['family']);
      await removeGroup(api, group);
    });
  });
}

test('everybody is shown with what happens and why, and can be searched', async ({ page, a11y, js }) => {
  // An application without binding: whoever is not in the group loses it.
  await page.goto('/access/bind?applications.0=status-page&step=groups');
  await page.getByRole('checkbox', { name: 'kids', exact: true }).check();
  await page.getByRole('button', { name: 'See who gains and who loses' }).click();
  await expect(page.getByText(/people lose access/).first()).toBeVisible();
  await page.getByRole('navigation', { name: 'What happens' }).getByRole('link', { name: /^Gets in as before/ }).click();
  await expect(everybody(page).filter({ hasText: 'Elli Marsh' })).toContainText('kids');
  await page.getByRole('navigation', { name: 'What happens' }).getByRole('link', { name: /^Everybody/ }).click();
  const search = page.getByRole('searchbox', { name: 'Search people' });
  await search.fill('jodie.marsh');
  if (!js) await search.press('Enter');
  await expect(everybody(page)).toHaveCount(2);
  await expect(everybody(page).nth(1)).toContainText('Loses access');
  await expect(everybody(page).nth(1)).toContainText('not in “kids”');
  await a11y.audit();
});

test('nothing that was chosen is lost by going back, reloading, or leaving something out', async ({ page }) => {
  await page.goto('/access/bind');
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('Choose at least one application.');
  await page.getByRole('checkbox', { name: 'Jellyfin', exact: true }).check();
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await page.getByRole('button', { name: 'See who gains and who loses' }).click();
  await expect(page.getByRole('alert')).toContainText('Choose at least one group or user.');
  await field(page, 'Single people: login names').fill('jodie.marsh, nobody-of-this-name');
  await page.getByRole('button', { name: 'See who gains and who loses' }).click();
  await expect(page.getByRole('alert')).toContainText('nobody-of-this-name');
  await expect(field(page, 'Single people: login names')).toHaveValue(/jodie.marsh\nnobody-of-this-name/);
  await field(page, 'Single people: login names').fill('jodie.marsh');
  await page.getByRole('button', { name: 'See who gains and who loses' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'What it does to people' })).toBeVisible();
  await page.reload();
  await page.getByRole('link', { name: /^Groups.*done/ }).click();
  await page.getByRole('checkbox', { name: 'kids', exact: true }).check();
  await page.getByRole('button', { name: 'Back' }).click();
  await expect(page.getByRole('checkbox', { name: 'Jellyfin', exact: true })).toBeChecked();
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await expect(page.getByRole('checkbox', { name: 'kids', exact: true }), 'ticked before Back').toBeChecked();
  await page.getByRole('button', { name: 'See who gains and who loses' }).click();
  await page.getByRole('link', { name: /^Applications.*done/ }).click();
  await expect(page.getByRole('checkbox', { name: 'Jellyfin', exact: true })).toBeChecked();
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await expect(field(page, 'Single people: login names')).toHaveValue('jodie.marsh');
});
