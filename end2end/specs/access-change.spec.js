// “Jo joins the family”, “only the family may open it”: every change is a plan first.
import { expect, test } from '../support/fixtures.js';
import { members, someGroup } from '../support/access.js';
import { apply, undo } from '../support/change.js';
import { field } from '../support/wizard.js';

test('a group is made, a person joins it, and both are undone', async ({ page, api, a11y, js, unique }) => {
  const name = `team ${unique}`;
  await page.goto('/access/change?do=new-group');
  await field(page, 'Name of the new group').fill(name);
  await a11y.audit();
  await page.getByRole('button', { name: 'See the plan' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(name);
  await expect(page.getByText('Nobody’s access changes').first()).toBeVisible();
  await a11y.audit();
  await apply(page);
  const made = page.url();

  await page.goto('/access/change?do=join');
  await page.getByRole('combobox', { name: 'Group' }).selectOption({ label: name });
  await page.getByRole('checkbox', { name: /jodie/ }).check();
  await page.getByRole('button', { name: 'See the plan' }).click();
  await apply(page);
  expect(await members(api, name)).toEqual(['jodie.marsh']);
  await undo(page, js);
  expect(await members(api, name)).toEqual([]);
  await page.goto(made);
  await undo(page, js);
  const { results: left } = await api.read(`/core/groups/?name=${encodeURIComponent(name)}`);
  expect(left).toEqual([]);
});

test('a door is opened only after its name was typed', async ({ page, api, a11y, js, unique }) => {
  const slug = await api.setUp(unique, ['engineering']);
  await page.goto(`/applications/${slug}`);
  await page.getByRole('link', { name: 'Open or close' }).click();
  await expect(page.getByRole('combobox', { name: 'Application' })).toHaveValue(slug);
  await page.getByText('Everyone', { exact: true }).click();
  await page.getByRole('button', { name: 'See the plan' }).click();
  await expect(page.getByText('Opens to everyone')).toBeVisible();
  await expect(page.getByText('This plan has consequences')).toBeVisible();
  await a11y.audit();
  await field(page, `Type “${slug}” to confirm`).fill('yes');
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await expect(page.getByText(`Type “${slug}” to confirm. Nothing was written.`)).toBeVisible();
  await field(page, `Type “${slug}” to confirm`).fill(slug);
  await apply(page);
  await undo(page, js);
  expect(await api.boundGroups(slug)).toEqual(['engineering']);
});

test('a form that is not right keeps what was typed and says what is wrong at which field', async ({ page, a11y, js }) => {
  await page.goto('/access/change?do=join');
  await page.getByRole('checkbox', { name: /jodie/ }).check();
  await page.getByRole('button', { name: 'See the plan' }).click();
  await expect(page.getByRole('alert')).toContainText('Choose at least one group.');
  await expect(page.getByRole('checkbox', { name: /jodie/ })).toBeChecked();
  await a11y.audit();
  await page.goto('/access/change?do=new-user');
  await field(page, 'Login name').fill('jodie.marsh');
  await field(page, 'Full name').fill('Jodie the second');
  await field(page, 'E-mail address').fill('no address');
  await page.getByRole('button', { name: 'See the plan' }).click();
  await expect(page.getByRole('alert')).toContainText('There is a user “jodie.marsh” already');
  await expect(page.getByRole('alert')).toContainText('This is no e-mail address');
  await expect(field(page, 'Full name')).toHaveValue('Jodie the second');
  await expect(field(page, 'Login name')).toHaveAttribute('aria-invalid', 'true');
  if (js) await page.reload();
  await expect(field(page, 'E-mail address')).toHaveValue('no address');
});

test('an account is made, stopped, let in again and deleted', async ({ page, api, unique }) => {
  const name = `person-${unique}`;
  await page.goto('/people');
  await page.getByRole('link', { name: 'Create an account' }).click();
  await field(page, 'Login name').fill(name);
  await field(page, 'Full name').fill('Some Body');
  await page.getByRole('button', { name: 'See the plan' }).click();
  await apply(page);
  const user = async () => (await api.read(`/core/users/?username=${name}`)).results[0];
  expect((await user()).name).toBe('Some Body');
  const { pk } = await user();
  for (const [link, active] of [['Stop from signing in', false], ['Let sign in again', true]]) {
    await page.goto(`/people/${pk}`);
    await page.getByRole('link', { name: link }).click();
    await page.getByRole('button', { name: 'See the plan' }).click();
    await apply(page);
    expect((await user()).is_active).toBe(active);
  }
  await page.goto(`/people/${pk}`);
  await page.getByRole('link', { name: 'Delete the account' }).click();
  await page.getByRole('button', { name: 'See the plan' }).click();
  await apply(page);
  expect(await user()).toBeUndefined();
});

test('deleting the only group that keeps a door shut says so, and can leave a deny', async ({ page, api, a11y, unique, js }) => {
  const group = await someGroup(api, unique, ['jodie.marsh']);
  const slug = await api.setUp(unique, [group]);
  const { results } = await api.read(`/core/groups/?name=${encodeURIComponent(group)}`);
  await page.goto(`/groups/${results[0].pk}`);
  await page.getByRole('link', { name: 'Delete the group' }).click();
  await page.getByRole('button', { name: 'See the plan' }).click();
  await expect(page.getByText('Opens to everyone')).toBeVisible();
  await expect(page.getByText(`It opens “${slug}” to everyone.`)).toBeVisible();
  await a11y.audit();
  await page.getByRole('link', { name: 'Change it' }).click();
  await page.getByRole('checkbox', { name: 'Leave a deny where nothing else would count' }).check();
  await page.getByRole('button', { name: 'See the plan' }).click();
  await expect(page.getByText('Opens to everyone')).toHaveCount(0);
  await apply(page);
  expect(await api.boundGroups(slug)).toEqual(['nobody-keep-empty']);
  await undo(page, js);
  expect(await members(api, group)).toEqual(['jodie.marsh']);
  expect(await api.boundGroups(slug)).toEqual([group]);
});

test('undo puts a binding back with its order, negation and state', async ({ page, api, unique, js }) => {
  const group = await someGroup(api, unique, ['jodie.marsh']);
  const slug = await api.setUp(unique, ['family']);
  const draft = { applications: [slug], groups: [group], order: 7, negate: true, enabled: false };
  await api.change('group-binding', draft);
  const { pk: target } = await api.application(slug);
  const bindings = async () => {
    const { results } = await api.read(`/policies/bindings/?target=${target}&page_size=100`);
    const ours = results.filter((binding) => binding.group_obj.name === group);
    return ours.map(({ order, negate, enabled }) => ({ order, negate, enabled }));
  };
  const as_it_was = [{ order: 7, negate: true, enabled: false }];
  expect(await bindings()).toEqual(as_it_was);
  await page.goto(`/access/change?do=delete-group&group=${encodeURIComponent(group)}`);
  await page.getByRole('button', { name: 'See the plan' }).click();
  await apply(page);
  expect(await bindings()).toEqual([]);
  await undo(page, js);
  expect(await bindings()).toEqual(as_it_was);
  expect(await members(api, group)).toEqual(['jodie.marsh']);
});

test('a group is moved: the form begins with where it is', async ({ page, api, unique, js }) => {
  const above = await someGroup(api, unique);
  const name = `below ${unique}`;
  await api.change('group', { action: 'create', name, parents: [above] });
  const group = async () => (await api.read(`/core/groups/?name=${encodeURIComponent(name)}`)).results[0];
  const { pk } = await group();
  await page.goto(`/groups/${pk}?fresh=1`);
  await page.getByRole('link', { name: 'Move', exact: true }).click();
  await expect(page.getByRole('checkbox', { name: above, exact: true })).toBeChecked();
  await page.getByRole('checkbox', { name: 'family', exact: true }).check();
  await page.getByRole('button', { name: 'See the plan' }).click();
  await apply(page);
  expect((await group()).parents).toHaveLength(2);
  await undo(page, js);
  expect((await group()).parents).toHaveLength(1);
});

test('who leaves is asked for, where nobody was ticked', async ({ page }) => {
  await page.goto('/access/change?do=leave&groups=family');
  await page.getByRole('button', { name: 'See the plan' }).click();
  await expect(page.getByRole('alert').getByRole('link')).toHaveAttribute('href', '#field-remove');
});

test('a plan that would be another one now is not carried out', async ({ page, api, unique }) => {
  const group = await someGroup(api, unique);
  await page.goto(`/access/change?do=join&groups=${encodeURIComponent(group)}&add=jodie.marsh`);
  await page.getByRole('button', { name: 'See the plan' }).click();
  await expect(page.getByRole('button', { name: 'Apply', exact: true })).toBeVisible();
  await api.change('membership', { groups: [group], add: ['jodie.marsh'] });
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await expect(page.getByText('Nothing was written: plan it again.')).toBeVisible();
  await page.getByRole('button', { name: 'Plan it again' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Nothing to change');
  await expect(page.getByRole('button', { name: 'Apply', exact: true })).toHaveCount(0);
});
