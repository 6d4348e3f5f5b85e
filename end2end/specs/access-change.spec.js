// “Jo joins the family”, “only the family may open it”: every change is a plan first.
import { expect, test } from '../support/fixtures.js';
import { field } from '../support/wizard.js';

/** Applies the plan on the page and waits until it is done. */
async function apply(page) {
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await expect(page.getByText('Applied', { exact: true }).first()).toBeVisible();
}

/** Undoes the change set on the page. */
async function undo(page, js) {
  await page.getByRole('link', { name: 'Undo the change set' }).click();
  const where = js ? page.getByRole('dialog') : page;
  await where.getByRole('button', { name: js ? 'Undo now' : 'Undo the change set' }).click();
  await expect(page.getByText('Undone', { exact: true }).first()).toBeVisible();
}

/** Login names of a group’s members. */
async function members(api, group) {
  const { results: groups } = await api.read(`/core/groups/?name=${encodeURIComponent(group)}`);
  const { results: users } = await api.read('/core/users/?page_size=100');
  return users.filter((user) => user.groups.includes(groups[0].pk)).map((user) => user.username);
}

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

  const { results: users } = await api.read('/core/users/?page_size=100&type=internal');
  const someone = users.find((user) => user.is_active && !user.is_superuser).username;
  await page.goto('/access/change?do=join');
  await page.getByRole('combobox', { name: 'Group' }).selectOption({ label: name });
  await page.getByRole('textbox', { name: 'Login name of who joins', exact: true }).fill(someone);
  await page.getByRole('button', { name: 'See the plan' }).click();
  await apply(page);
  expect(await members(api, name)).toEqual([someone]);
  await undo(page, js);
  expect(await members(api, name)).toEqual([]);
  await page.goto(made);
  await undo(page, js);
  const { results: left } = await api.read(`/core/groups/?name=${encodeURIComponent(name)}`);
  expect(left).toEqual([]);
});

test('a door is opened only after its name was typed', async ({ page, api, a11y, js, unique }) => {
  // An application of this test’s own.
  const slug = `door-${unique}`;
  const draft = { preset: 'grafana', name: slug, base_url: 'https://g.example.com', access: { groups: ['engineering'] } };
  const { id } = await (await api.context.post('/api/changes', { data: { kind: 'oidc-application', draft } })).json();
  await api.context.post(`/api/changes/${id}/apply`, { data: {} });
  await expect.poll(() => api.slugs(slug)).toEqual([slug]);
  await expect.poll(() => api.boundGroups(slug)).toEqual(['engineering']);

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

test('a form that is not right says so', async ({ page }) => {
  await page.goto('/access/change?do=join');
  await page.getByRole('textbox', { name: 'Login name of who joins', exact: true }).fill('nobody-of-this-name');
  await page.getByRole('button', { name: 'See the plan' }).click();
  await expect(page.getByText('This cannot be done now')).toBeVisible();
});
