// The wizard itself: what was typed is kept, each step has its own address, details can be changed.
import { expectAsReviewed } from '../support/compare.js';
import { expect, test } from '../support/fixtures.js';
import { Wizard, field } from '../support/wizard.js';

test('reload, back and another tab keep what was typed', async ({ page, context, unique }) => {
  const wizard = new Wizard(page);
  await wizard.choose('Gitea');
  await wizard.address({ Address: 'https://git.example.com', 'Name of the authentication source': unique });
  await page.getByRole('checkbox', { name: 'family', exact: true }).check();
  await wizard.go();
  await wizard.on('Review');
  await page.reload();
  await wizard.on('Review');
  const tab = await context.newPage();
  await tab.goto(page.url().replace('/review', '/address'));
  await expect(field(tab, 'Address')).toHaveValue('https://git.example.com');
  await expect(field(tab, 'Name of the authentication source')).toHaveValue(unique);
  await tab.close();
  await page.getByRole('link', { name: 'Back', exact: true }).click();
  await expect(page.getByRole('checkbox', { name: 'family', exact: true })).toBeChecked();
  await page.goBack();
  await wizard.on('Review');
});

test('wrong input is explained beside its field, and kept', async ({ page, a11y }) => {
  const wizard = new Wizard(page);
  await wizard.choose('Grafana');
  await field(page, 'Address').fill('grafana.example.com:port');
  await wizard.go();
  const address = field(page, 'Address');
  await expect(address).toHaveAttribute('aria-invalid', 'true');
  await expect(address).toHaveValue('grafana.example.com:port');
  await expect(page.getByRole('alert').filter({ hasText: 'Please correct this' })).toBeVisible();
  await a11y.audit();
  await address.fill('https://grafana.example.com');
  await wizard.go();
  await wizard.on('Access');
  await wizard.go();
  await expect(page.getByText('Choose who may enter: everyone, or at least one group.').first()).toBeVisible();
});

test('the details are what the review shows and authentik gets', async ({ page, api, a11y, version, unique }) => {
  const name = `Details ${unique}`;
  const wizard = new Wizard(page);
  await wizard.choose('Generic OIDC');
  await wizard.address(
    { Address: `https://${unique}.example.com`, 'Redirect URI (callback URL) of the application': `https://${unique}.example.com/cb`, Name: name },
    { details: true },
  );
  await page.getByRole('button', { name: 'Add another redirect URI' }).click();
  await field(page, 'Redirect URI 2').fill(`https://${unique}.example.com/second`);
  await page.getByText('Client', { exact: true }).click();
  await field(page, 'Client ID').fill(`client-${unique}`);
  await page.getByText('Tokens', { exact: true }).click();
  await page.getByRole('combobox', { name: /^Subject/ }).selectOption('user_email');
  await page.getByText('Flows', { exact: true }).click();
  await a11y.audit();
  await page.getByRole('combobox', { name: /^Authorization flow/ }).selectOption('default-provider-authorization-explicit-consent');
  await wizard.go();
  await wizard.on('Access');
  await wizard.access({ groups: ['staff'] });
  const reviewed = await wizard.review();
  await wizard.apply(name);
  const { provider } = await expectAsReviewed(api, version, reviewed);
  expect(provider).toMatchObject({ client_id: `client-${unique}`, sub_mode: 'user_email' });
  expect(await api.redirectUris(`details-${unique}`)).toEqual([
    `https://${unique}.example.com/cb`,
    `https://${unique}.example.com/second`,
  ]);
});
