// “Administrators of Gitea come from a group”: a preset with a claim of its own, a variable, and a new group.
import { expectAsReviewed } from '../support/compare.js';
import { expect, test, versions } from '../support/fixtures.js';
import { Wizard } from '../support/wizard.js';

for (const version of versions) {
  test.describe(`authentik ${version}`, () => {
    test.use({ version });

    test('Gitea gets the role claim, its callback path and a new group', async ({ page, api, a11y, unique }) => {
      const name = `Gitea ${unique}`;
      const wizard = new Wizard(page, a11y.audit);
      await wizard.choose('Gitea');
      await wizard.address({
        Address: `https://git-${unique}.example.com`,
        'Name of the authentication source': `sso-${unique}`,
        Name: name,
      });
      await wizard.access({ newGroup: true });
      const reviewed = await wizard.review();
      await wizard.apply(name);
      await wizard.checksAreGreen(5);

      const { mappings } = await expectAsReviewed(api, version, reviewed);
      const role = mappings.find((mapping) => mapping.name === 'Ostiary: Gitea role');
      expect(role).toMatchObject({ scope_name: 'gitea', expression: expect.stringContaining('gitadmin') });
      expect(await api.redirectUris(`gitea-${unique}`)).toEqual([
        `https://git-${unique}.example.com/user/oauth2/sso-${unique}/callback`,
      ]);
      expect(await api.boundGroups(`gitea-${unique}`)).toEqual([`${name} users`]);
    });
  });
}
