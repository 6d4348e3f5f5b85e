// “Put Grafana behind our SSO.”
import { expectAsReviewed } from '../support/compare.js';
import { expect, test, versions } from '../support/fixtures.js';
import { Wizard } from '../support/wizard.js';

for (const version of versions) {
  test.describe(`authentik ${version}`, () => {
    test.use({ version });

    test('Grafana, from the gallery to green checks in at most seven inputs', async ({ page, api, a11y, unique }) => {
      const name = `Grafana ${unique}`;
      const wizard = new Wizard(page, a11y.audit);
      await wizard.choose('Grafana');
      await wizard.address({ Address: `https://grafana-${unique}.example.com`, Name: name });
      await wizard.access({ groups: ['engineering'] });
      await expect(page.getByText('Nothing has been written yet.')).toBeVisible();
      expect(await api.slugs(`grafana-${unique}`)).toEqual([]);
      const reviewed = await wizard.review();
      await wizard.apply(name);
      await wizard.checksAreGreen(7);
      expect(wizard.inputs).toBeLessThanOrEqual(7);
      await expectAsReviewed(api, version, reviewed);

      const side = page.getByRole('region', { name: 'The application’s own side' });
      await expect(side.getByText('GF_AUTH_GENERIC_OAUTH_CLIENT_ID').first()).toBeVisible();
      await expect(side.getByText('••••••••').first()).toBeVisible();
      await side.getByRole('button', { name: 'Reveal the secret' }).click();
      await expect(side.getByText('••••••••')).toHaveCount(0);
      await expect(side.getByText(/GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET=\S{20,}/)).toBeVisible();
    });
  });
}
