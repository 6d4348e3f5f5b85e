// “Our own single-page application”: no preset of its own, no secret, PKCE.
import { expectAsReviewed } from '../support/compare.js';
import { expect, test, versions } from '../support/fixtures.js';
import { Wizard } from '../support/wizard.js';

for (const version of versions) {
  test.describe(`authentik ${version}`, () => {
    test.use({ version });

    test('a public client is set up for everyone, without a secret', async ({ page, api, a11y, unique }) => {
      const name = `Tickets ${unique}`;
      const callback = `https://tickets-${unique}.example.com/signed-in`;
      const wizard = new Wizard(page, a11y.audit);
      await wizard.choose('Generic OIDC, public client (SPA or native app, PKCE)');
      await wizard.address({
        Address: `https://tickets-${unique}.example.com`,
        'Redirect URI (callback URL) of the application': callback,
        Name: name,
      });
      await wizard.access({ everyone: true });
      await expect(page.getByText('Everybody with an account may enter').first()).toBeVisible();
      const reviewed = await wizard.review();
      await wizard.apply(name);
      await wizard.checksAreGreen(6);

      const { provider } = await expectAsReviewed(api, version, reviewed);
      expect(provider.client_type).toBe('public');
      expect(await api.redirectUris(`tickets-${unique}`)).toEqual([callback]);
      expect(await api.boundGroups(`tickets-${unique}`)).toEqual([]);
      const side = page.getByRole('region', { name: 'The application’s own side' });
      await expect(side.getByText('S256').first()).toBeVisible();
      await expect(side.getByText('••••••••')).toHaveCount(0);
      await expect(side.getByRole('button', { name: 'Reveal the secret' })).toHaveCount(0);
    });
  });
}
