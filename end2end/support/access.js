// Groups and members of a test’s own, by the JSON API.
import { expect } from '@playwright/test';

/** Login names of a group’s direct members, sorted. */
export async function members(api, group) {
  const { results: groups } = await api.read(`/core/groups/?name=${encodeURIComponent(group)}`);
  const { results: users } = await api.read('/core/users/?page_size=100');
  const inside = users.filter((user) => user.groups.includes(groups[0].pk));
  return inside.map((user) => user.username).sort();
}

/** A group of the test’s own; gives its name. */
export async function someGroup(api, unique, people = []) {
  const name = `group ${unique}`;
  await api.change('group', { action: 'create', name, members: people });
  return name;
}

/** Deletes a group of the test’s own. */
export async function removeGroup(api, name) {
  await api.change('group', { action: 'delete', group: name });
  const { results } = await api.read(`/core/groups/?name=${encodeURIComponent(name)}`);
  expect(results).toEqual([]);
}
