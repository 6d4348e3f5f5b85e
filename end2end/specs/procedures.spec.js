// The ten procedures of a runbook for groups that open applications. Each is at most three interactions away from the
// overview; then it is carried out, and read back.
import { expect, test } from '../support/fixtures.js';
import { field } from '../support/wizard.js';
import { members, removeGroup, someGroup } from '../support/access.js';
import { apply, undo } from '../support/change.js';

/** Counts clicks, choices and texts on the way. */
class Way {
  taken = 0;

  constructor(page) {
    this.page = page;
  }

  static async from(page) {
    await page.goto('/');
    return new Way(page);
  }

  async navigate(name) {
    await this.click(this.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true }));
  }

  async click(locator) {
    this.taken += 1;
    await locator.click();
  }

  async choose(locator, value) {
    this.taken += 1;
    await locator.selectOption(value);
  }

  isShort() {
    expect(this.taken, 'interactions from the overview').toBeLessThanOrEqual(3);
  }
}

/** The link of a group in the tree. */
function groupLink(page, name) {
  return page.getByRole('table', { name: 'Groups' }).getByRole('link', { name, exact: true });
}

const plan = (page) => page.getByRole('button', { name: 'See the plan' }).click();

test('1. create a group', async ({ page, api, unique, js }) => {
  const name = `procedure ${unique}`;
  const way = await Way.from(page);
  await way.navigate('Groups');
  await way.click(page.getByRole('link', { name: 'Create a group' }));
  way.isShort();
  await field(page, 'Name of the new group').fill(name);
  await page.getByRole('checkbox', { name: /jodie/ }).check();
  await plan(page);
  await apply(page);
  expect(await members(api, name)).toEqual(['jodie.marsh']);
  await undo(page, js);
});

test('2. bind it to an application', async ({ page, api, a11y, unique, js }) => {
  const group = await someGroup(api, unique);
  const slug = await api.setUp(unique, ['family']);
  const way = await Way.from(page);
  await way.navigate('Applications');
  await way.click(page.getByRole('link', { name: slug }).first());
  await way.click(page.getByRole('link', { name: 'Let groups or people in' }));
  way.isShort();
  await a11y.audit();
  await page.getByRole('checkbox', { name: group, exact: true }).check();
  await page.getByRole('button', { name: 'See who gains and who loses' }).click();
  await expect(page.getByRole('table', { name: 'Everybody, one by one' })).toBeVisible();
  await page.getByRole('button', { name: 'Review the plan' }).click();
  await apply(page);
  expect(await api.boundGroups(slug)).toEqual(['family', group]);
  await undo(page, js);
  expect(await api.boundGroups(slug)).toEqual(['family']);
  await removeGroup(api, group);
});

test('3. add a person', async ({ page, api, unique }) => {
  const group = await someGroup(api, unique);
  const way = await Way.from(page);
  await way.navigate('Groups');
  await way.click(groupLink(page, group));
  await way.click(page.getByRole('link', { name: 'Add people' }));
  way.isShort();
  await page.getByRole('checkbox', { name: /jodie/ }).check();
  await plan(page);
  await apply(page);
  expect(await members(api, group)).toEqual(['jodie.marsh']);
  await removeGroup(api, group);
});

test('4. remove a person', async ({ page, api, unique }) => {
  const group = await someGroup(api, unique, ['jodie.marsh', 'elli.marsh']);
  const way = await Way.from(page);
  await way.navigate('Groups');
  await way.click(groupLink(page, group));
  await way.click(page.getByRole('row', { name: /jodie/ }).getByRole('link', { name: 'Remove' }));
  way.isShort();
  await plan(page);
  await apply(page);
  expect(await members(api, group)).toEqual(['elli.marsh']);
  await removeGroup(api, group);
});

test('5. unbind', async ({ page, api, unique, js }) => {
  const group = await someGroup(api, unique);
  const slug = await api.setUp(unique, [group, 'family']);
  const way = await Way.from(page);
  await way.navigate('Applications');
  await way.click(page.getByRole('link', { name: slug }).first());
  await way.click(page.getByRole('row', { name: new RegExp(group) }).getByRole('link', { name: 'Take away' }));
  way.isShort();
  await plan(page);
  await apply(page);
  expect(await api.boundGroups(slug)).toEqual(['family']);
  await undo(page, js);
  expect(await api.boundGroups(slug)).toEqual([group, 'family']);
});

test('6. rename', async ({ page, api, unique }) => {
  const group = await someGroup(api, unique, ['jodie.marsh']);
  const way = await Way.from(page);
  await way.navigate('Groups');
  await way.click(groupLink(page, group));
  await way.click(page.getByRole('link', { name: 'Rename' }));
  way.isShort();
  await field(page, 'New name').fill(`${group} renamed`);
  await plan(page);
  await apply(page);
  expect(await members(api, `${group} renamed`)).toEqual(['jodie.marsh']);
  await removeGroup(api, `${group} renamed`);
});

test('7. list groups with their members', async ({ page }) => {
  const way = await Way.from(page);
  await way.navigate('Groups');
  await expect(page.getByRole('table', { name: 'Groups' }).getByRole('row', { name: /^kids/ })).toBeVisible();
  await way.click(groupLink(page, 'kids'));
  way.isShort();
  await expect(page.getByRole('table', { name: 'Members' }).getByRole('row', { name: /^Elli Marsh/ })).toBeVisible();
});

test('8. list the bindings of all applications', async ({ page, api, a11y }) => {
  const way = await Way.from(page);
  await way.navigate('Access');
  await way.click(page.getByRole('navigation', { name: 'Access' }).getByRole('link', { name: 'Bindings' }));
  way.isShort();
  const rows = page.getByRole('table', { name: 'Bindings' }).getByRole('row');
  await expect(rows.filter({ hasText: /^Jellyfin/ }).filter({ hasText: 'family' })).toHaveCount(1);
  const { pagination } = await api.read('/policies/bindings/?page_size=1');
  expect(pagination.count).toBeGreaterThan(5);
  await a11y.audit();
});

test('9. what can somebody open?', async ({ page }) => {
  const way = await Way.from(page);
  await way.navigate('People');
  await way.click(page.getByRole('table', { name: 'People' }).getByRole('link', { name: 'Elli Marsh' }));
  way.isShort();
  const opens = page.getByRole('table', { name: 'Applications of this person' });
  await expect(opens.getByRole('row', { name: /^Jellyfin/ })).toContainText('Gets in');
});

test('10. why is somebody denied, and what helps?', async ({ page, api, unique, js }) => {
  const group = await someGroup(api, unique);
  const slug = await api.setUp(unique, [group]);
  await page.goto('/access?fresh=1');
  const way = await Way.from(page);
  const { results } = await api.read('/core/users/?username=jodie.marsh');
  await way.choose(page.getByRole('combobox', { name: 'Person' }), String(results[0].pk));
  await way.choose(page.getByRole('combobox', { name: 'Application' }), slug);
  await way.click(page.getByRole('button', { name: 'Why?' }));
  way.isShort();
  await expect(page.getByText('Does not get in').first()).toBeVisible();
  await expect(page.getByText('authentik agrees: it refuses them')).toBeVisible();
  await page.getByRole('button', { name: new RegExp(`^Plan this.*Add.*to.*${group}`) }).click();
  await apply(page);
  expect(await members(api, group)).toEqual(['jodie.marsh']);
  await undo(page, js);
});
