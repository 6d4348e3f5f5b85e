// Programs: the same job through the JSON API, as the guide shows it with curl.
import { expect, test, versions } from '../support/fixtures.js';

/** Waits until a change set is where it was going. */
async function settled(context, id) {
  const path = `/api/changes/${id}`;
  await expect.poll(async () => (await (await context.get(path)).json()).state).not.toMatch(/ing$|planned/);
  return (await context.get(path)).json();
}

for (const version of versions) {
  test.describe(`authentik ${version}`, () => {
    test.use({ version });

    test('a program plans, applies, checks and undoes a set-up', async ({ api, unique }) => {
      const slug = `api-${unique}`;
      const draft = {
        preset: 'grafana',
        name: `API ${unique}`,
        slug,
        base_url: `https://${slug}.example.com`,
        access: { groups: ['family'], new_groups: [`${slug}-people`] },
      };
      const planned = await api.context.post('/api/changes', { data: { kind: 'oidc-application', draft } });
      expect(planned.status()).toBe(201);
      const change = await planned.json();
      expect(planned.headers().location).toBe(`/api/changes/${change.id}`);
      expect(change.state).toBe('planned');
      expect(await api.slugs(slug), 'planning writes nothing').toEqual([]);

      const started = await api.context.post(`/api/changes/${change.id}/apply`, { data: {} });
      expect(started.status()).toBe(202);
      expect((await settled(api.context, change.id)).state).toBe('applied');

      const application = await api.application(slug);
      expect(application).toMatchObject({ name: draft.name, slug, meta_launch_url: draft.base_url });
      expect(await api.redirectUris(slug)).toEqual([`${draft.base_url}/login/generic_oauth`]);
      expect(await api.boundGroups(slug)).toEqual(['family', `${slug}-people`]);

      const { checks } = await (await api.context.get(`/api/changes/${change.id}/checks`)).json();
      const bad = checks.filter(({ verdict }) => !['passed', 'skipped'].includes(verdict));
      expect(bad).toEqual([]);
      expect(checks.map(({ id }) => id)).toEqual(expect.arrayContaining(['discovery', 'issuer', 'jwks', 'redirect-1']));

      const side = await (await api.context.post(`/api/changes/${change.id}/app-side`, { data: {} })).json();
      expect(JSON.stringify(side)).toContain(slug);

      expect((await api.context.post(`/api/changes/${change.id}/undo`, { data: {} })).status()).toBe(202);
      expect((await settled(api.context, change.id)).state).toBe('undone');
      expect(await api.slugs(slug)).toEqual([]);
    });
  });
}

test('applying twice at once applies once', async ({ api, unique }) => {
  const slug = `twice-${unique}`;
  const draft = { preset: 'grafana', name: slug, base_url: 'https://g.example.com', access: { everyone: true } };
  const { id } = await (await api.context.post('/api/changes', { data: { kind: 'oidc-application', draft } })).json();
  const answers = await Promise.all(
    [1, 2, 3].map(() => api.context.post(`/api/changes/${id}/apply`, { data: {} })),
  );
  for (const answer of answers) expect([202, 409]).toContain(answer.status());
  expect((await settled(api.context, id)).state).toBe('applied');
  expect(await api.slugs(slug)).toEqual([slug]);
});

test('a wrong draft is answered with errors by field', async ({ api }) => {
  const draft = { preset: 'grafana', name: '', base_url: 'nonsense', access: {} };
  const answer = await api.context.post('/api/changes', { data: { kind: 'oidc-application', draft } });
  expect(answer.status()).toBe(422);
  const { errors } = await answer.json();
  expect(Object.keys(errors)).toEqual(expect.arrayContaining(['access', 'base_url', 'name']));
});

test('the journal comes as server-sent events', async ({ api, unique }) => {
  const draft = { preset: 'grafana', name: `events ${unique}`, base_url: 'https://g.example.com', access: { everyone: true } };
  const { id } = await (await api.context.post('/api/changes', { data: { kind: 'oidc-application', draft } })).json();
  await api.context.post(`/api/changes/${id}/apply`, { data: {} });
  const events = await (await api.context.get(`/api/changes/${id}/events`)).text();
  expect(events).toContain('event: end\ndata: applied');
  expect(events).toContain('id: 1\n');
});

test('the read proxy passes reads on and nothing else', async ({ api }) => {
  const me = await api.read('/core/users/me/');
  expect(me.user.username).toBe('akadmin');
  const { results } = await api.read('/providers/oauth2/?page_size=100');
  for (const provider of results) expect(provider.client_secret ?? '').toMatch(/^[•*]*$/);

  const write = await api.context.post('/api/v3/core/applications/', { data: { name: 'x', slug: 'x' } });
  expect(write.status()).toBe(405);
  const secret = await api.context.get('/api/v3/core/tokens/x/view_key/');
  expect(secret.status()).toBe(403);
  const unknown = await api.context.get('/api/v3/no/such/thing/');
  expect(unknown.status()).toBe(404);
  for (const answer of [write, secret, unknown]) {
    expect((await answer.json()).error.message).toBeTruthy();
  }
});

test('without a session there is nothing to see', async ({ playwright, baseURL }) => {
  const stranger = await playwright.request.newContext({ baseURL, storageState: { cookies: [], origins: [] } });
  for (const path of ['/api/changes', '/api/presets', '/api/v3/core/users/me/']) {
    const answer = await stranger.get(path);
    expect(answer.status(), path).toBe(401);
    expect(await answer.text(), path).not.toContain('akadmin');
  }
  expect((await stranger.get('/healthz')).status()).toBe(200);
  expect((await stranger.get('/readyz')).status()).toBe(200);
  await stranger.dispose();
});

test('the gallery can be searched', async ({ api }) => {
  const { presets } = await (await api.context.get('/api/presets?search=grafana')).json();
  expect(presets[0].id).toBe('grafana');
  const preset = await (await api.context.get('/api/presets/gitea')).json();
  expect(preset.mappings[0].scope_name).toBe('gitea');
});
