// Compares what the review showed with what is in authentik afterwards, read back through the API.
import { expect } from '@playwright/test';

/** The step of a review that creates the application and its provider. */
const APPLICATION = /^Create the application /;

/** All values that the steps give for a label. */
function values(steps, label) {
  return steps.flatMap(({ lines }) => lines.filter(([name]) => name === label).map(([, value]) => value));
}

/** Where this version keeps scope mappings. */
const mappingsPath = (version) =>
  version === '2023.10' ? '/propertymappings/scope/' : '/propertymappings/provider/scope/';

/** Expects that everything the review said is so now; gives what was read. */
export async function expectAsReviewed(api, version, { steps, missing }) {
  const application = steps.filter(({ title }) => APPLICATION.test(title));
  expect(application).toHaveLength(1);
  const said = (label) => values(application, label)[0];
  const slug = said('Slug');
  const app = await api.application(slug);
  const provider = await api.provider(slug);

  expect(app.name).toBe(said('Name'));
  expect(app.meta_launch_url).toBe(said('Opens'));
  expect(provider.name).toBe(said('Name'));
  expect(provider.client_type).toBe(said('Client type'));
  expect(await api.redirectUris(slug)).toEqual(values(application, 'Redirect URI (strict)'));
  expect(provider.sub_mode).toBe(said('Subject'));
  expect(provider.issuer_mode).toBe(said('Issuer'));
  if (said('Grant types')) expect(provider.grant_types.join(' ')).toBe(said('Grant types'));
  await expectKeyAndFlows(api, provider, said);
  const scopes = said('Scopes').split(' ').filter((scope) => !missing.includes(scope));
  const mappings = await expectMappings(api, version, provider, steps, scopes);
  await expectGroups(api, slug, steps);
  return { app, provider, mappings };
}

async function expectKeyAndFlows(api, provider, said) {
  const { results: keys } = await api.read('/crypto/certificatekeypairs/?page_size=100');
  expect(keys.find(({ pk }) => pk === provider.signing_key)?.name).toBe(said('Signing key'));
  const { results: flows } = await api.read('/flows/instances/?page_size=100');
  const slugOf = (flow) => flows.find(({ pk }) => pk === flow)?.slug;
  expect(slugOf(provider.authorization_flow)).toBe(said('Authorization flow'));
  if (said('Invalidation flow')) expect(slugOf(provider.invalidation_flow)).toBe(said('Invalidation flow'));
}

async function expectMappings(api, version, provider, steps, scopes) {
  const { results } = await api.read(`${mappingsPath(version)}?page_size=100`);
  const mappings = results.filter(({ pk }) => provider.property_mappings.includes(pk));
  const created = steps.filter((step) => step.title.startsWith('Create the scope mapping'));
  const said = new Set([...scopes, ...values(created, 'Scope')]);
  expect(mappings.map((mapping) => mapping.scope_name).sort()).toEqual([...said].sort());
  for (const { title, lines } of created) {
    const name = title.match(/“(.*)”/)[1];
    const { Scope, Expression } = Object.fromEntries(lines);
    expect(mappings.find((mapping) => mapping.name === name)).toMatchObject({
      scope_name: Scope,
      expression: expect.stringContaining(Expression),
    });
  }
  return mappings;
}

async function expectGroups(api, slug, steps) {
  const inTransaction = values(steps, 'Open to members of');
  const later = steps.filter(({ title }) => title.startsWith('Let the members of')).map(({ title }) => title.match(/“(.*)”/)[1]);
  expect(await api.boundGroups(slug)).toEqual([...inTransaction, ...later]);
  for (const { title } of steps.filter((step) => step.title.startsWith('Create the group'))) {
    const name = title.match(/“(.*)”/)[1];
    const { results } = await api.read(`/core/groups/?name=${encodeURIComponent(name)}`);
    expect(results).toHaveLength(1);
    expect(results[0]).toMatchObject({ name, is_superuser: false });
  }
}
