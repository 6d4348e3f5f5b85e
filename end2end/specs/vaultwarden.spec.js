// “Vaultwarden refuses addresses that are not verified.”
import { expectAsReviewed } from '../support/compare.js';
import { expect, test, versions } from '../support/fixtures.js';
import { Wizard } from '../support/wizard.js';

for (const version of versions) {
  test.describe(`authentik ${version}`, () => {
    test.use({ version });

    test('Vaultwarden is told that e-mail addresses are verified', async ({ page, api, a11y, unique }) => {
      const name = `Vaultwarden ${unique}`;
      const wizard = new Wizard(page, a11y.audit);
      await wizard.choose('Vaultwarden');
      await wizard.address({ Address: `https://vault-${unique}.example.com`, Name: name });
      await wizard.access({ groups: ['family'] });
      const reviewed = await wizard.review();
      await wizard.apply(name);
      await wizard.checksAreGreen(7);

      const { provider, mappings } = await expectAsReviewed(api, version, reviewed);
      const email = mappings.find((mapping) => mapping.scope_name === 'email');
      expect(email.expression).toMatch(/["']email_verified["']: True/);
      expect(provider.access_token_validity).toBe('minutes=10');
    });
  });
}
