// What goes wrong: each time it is said what happened, what was written, and what to do; nothing typed is lost.
import { createServer } from 'node:http';
import { expect, test } from '../support/fixtures.js';
import { Server } from '../support/server.js';
import { Wizard, field } from '../support/wizard.js';

/** Something in authentik's place that always answers the same. */
async function impostor(status, type, body) {
  const server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': type });
    response.end(body);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

const WEATHER = [
  { what: 'nobody answers', status: 0, says: 'authentik does not answer' },
  { what: 'a wrong token', status: 403, type: 'application/json', body: '{"detail":"Token invalid/expired"}', says: 'authentik refuses the token' },
  { what: 'an error of authentik', status: 500, type: 'text/html', body: '<h1>Server Error</h1>', says: 'authentik is there, but fails' },
  { what: 'a page instead of data', status: 200, type: 'text/html', body: '<title>A router</title>', says: 'This does not look like authentik' },
];

for (const { what, status, type, body, says } of WEATHER) {
  test(`no connection: ${what}`, async ({ browser, contextOptions }) => {
    const upstream = await impostor(status, type, body);
    if (status === 0) upstream.close();
    const env = { OSTIARY_AUTHENTIK__URL: upstream.url, OSTIARY_AUTHENTIK__TOKEN: 'c4n4ry-token' };
    const server = await Server.start({ env });
    try {
      const page = await server.page(browser, contextOptions);
      for (const path of ['/', '/applications']) {
        await page.goto(path);
        await expect(page.getByText(says).first(), path).toBeVisible();
        await expect(page.getByRole('link', { name: 'Try again' }).first()).toBeVisible();
        expect(await page.content()).not.toContain('c4n4ry');
      }
      await page.goto('/presets/grafana');
      await page.getByRole('button', { name: 'Set up Grafana' }).click();
      await field(page, 'Address').fill('https://grafana.example.com');
      await page.getByRole('button', { name: 'Continue', exact: true }).click();
      await expect(page.getByText('authentik does not answer at the moment')).toBeVisible();
      await page.goto('/');
      await page.getByRole('link', { name: 'Grafana' }).click();
      await expect(field(page, 'Address')).toHaveValue('https://grafana.example.com');
      expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
      await page.context().close();
    } finally {
      upstream.close();
      await server.stop();
    }
  });
}

test('the slug was taken meanwhile: nothing is left behind, and the draft can be mended', async ({ page, api, unique }) => {
  const name = `Taken ${unique}`;
  const wizard = new Wizard(page);
  await wizard.choose('Grafana');
  await wizard.address({ Address: 'https://grafana.example.com', Name: name });
  await wizard.access({ newGroup: true });
  await setUpByProgram(api, { name });
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await expect(page.getByText('A step failed', { exact: true })).toBeVisible();
  await expect(page.getByText('authentik is as it was before').first()).toBeVisible();
  const { results } = await api.read(`/core/groups/?name=${encodeURIComponent(`${name} users`)}`);
  expect(results, 'the new group was taken back').toEqual([]);

  await page.getByRole('button', { name: 'Change and try again' }).click();
  await expect(field(page, 'Address')).toHaveValue('https://grafana.example.com');
  await field(page, 'Name').fill(`${name} two`);
  await field(page, 'Slug').fill(`taken-${unique}-two`);
  await wizard.go();
  await wizard.access({});
  await wizard.apply(`${name} two`);
});

test('a slug that is taken already is found before anything is written', async ({ page }) => {
  const wizard = new Wizard(page);
  await wizard.choose('Grafana');
  await wizard.address({ Address: 'https://grafana.example.com', Slug: 'outline' });
  await wizard.access({ groups: ['family'] });
  await expect(page.getByText('This cannot be planned yet')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Apply', exact: true })).toHaveCount(0);
  await page.getByRole('alert').getByRole('link').first().click();
  await wizard.on('Address');
  await expect(field(page, 'Slug')).toHaveAttribute('aria-invalid', 'true');
  await expect(field(page, 'Slug')).toHaveValue('outline');
});

test('Apply pressed twice applies once', async ({ page, api, unique }) => {
  const name = `Twice ${unique}`;
  const wizard = new Wizard(page);
  await wizard.choose('Grafana');
  await wizard.address({ Address: 'https://grafana.example.com', Name: name });
  await wizard.access({ groups: ['family'] });
  await page.getByRole('button', { name: 'Apply', exact: true }).dblclick();
  await expect(page.getByRole('heading', { level: 1, name: `${name} is set up` })).toBeVisible();
  expect(await api.slugs(`twice-${unique}`)).toEqual([`twice-${unique}`]);
  const { results } = await api.read(`/providers/oauth2/?search=${encodeURIComponent(name)}`);
  expect(results).toHaveLength(1);
});

test('two tabs: a plan that is no longer the draft’s is not applied', async ({ page, context, api, unique }) => {
  const name = `Tabs ${unique}`;
  const wizard = new Wizard(page);
  await wizard.choose('Grafana');
  await wizard.address({ Address: 'https://grafana.example.com', Name: name });
  await wizard.access({ groups: ['family'] });

  const second = await context.newPage();
  await second.goto(page.url().replace('/review', '/address'));
  await field(second, 'Name').fill(`${name} changed`);
  await second.getByRole('button', { name: 'Continue', exact: true }).click();
  await expect(second.getByRole('heading', { level: 1 })).toContainText('Access');

  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await expect(page.getByText(/The draft was changed or reviewed again/).first()).toBeVisible();
  expect(await api.slugs(`tabs-${unique}`)).toEqual([]);
});

test('a group that is deleted between plan and apply stops the set-up, and nothing is left', async ({ page, api, unique }) => {
  const group = `gone ${unique}`;
  const first = await setUpByProgram(api, { name: `First ${unique}`, access: { new_groups: [group] } });
  const name = `Second ${unique}`;
  const wizard = new Wizard(page);
  await wizard.choose('Grafana');
  await wizard.address({ Address: 'https://grafana.example.com', Name: name });
  await wizard.access({ groups: [group] });
  await api.context.post(`/api/changes/${first}/undo`, { data: {} });
  await expect.poll(async () => (await (await api.context.get(`/api/changes/${first}`)).json()).state).toBe('undone');
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await expect(page.getByText('A step failed', { exact: true })).toBeVisible();
  expect(await api.slugs(`second-${unique}`)).toEqual([]);
  const { results } = await api.read(`/providers/oauth2/?search=${encodeURIComponent(name)}`);
  expect(results).toEqual([]);
});

test('hostile names are text and nothing else', async ({ page, a11y, unique }) => {
  const name = `<img src=x onerror=alert(1)>"'&${unique} \u202Etxet`;
  let dialogs = 0;
  page.on('dialog', (dialog) => {
    dialogs += 1;
    return dialog.dismiss();
  });
  const wizard = new Wizard(page, a11y.audit);
  await wizard.choose('Grafana');
  await field(page, 'Slug').fill(`hostile-${unique}`);
  await wizard.address({ Address: 'https://grafana.example.com', Name: name });
  await wizard.access({ newGroup: true });
  await expect(page.getByText(name).filter({ visible: true }).first()).toBeVisible();
  await wizard.apply(name);
  for (const path of ['/', '/changes', `/applications/hostile-${unique}`, '/applications']) {
    await page.goto(path);
    await expect(page.getByText(name).filter({ visible: true }).first(), path).toBeVisible();
    await expect(page.locator('img[src="x"]')).toHaveCount(0);
  }
  expect(dialogs).toBe(0);
});

test('a draft that is not there, a page that is not there, a session that is over', async ({ page, context }) => {
  const answer = await page.goto('/new/no-such-draft/address');
  expect(answer.status()).toBe(404);
  await expect(page.getByRole('alert')).toContainText('This draft is not there any more');
  expect((await page.goto('/no/such/page')).status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1, name: 'Page not found' })).toBeVisible();
  await context.clearCookies();
  expect((await page.goto('/changes')).status()).toBe(401);
  await expect(page.getByRole('heading', { name: 'This browser is not signed in' })).toBeVisible();
});

/** Sets an application up through the JSON API; gives the id of the change set. */
async function setUpByProgram(api, fields) {
  const draft = { preset: 'grafana', base_url: 'https://g.example.com', access: { everyone: true }, ...fields };
  const { id } = await (await api.context.post('/api/changes', { data: { kind: 'oidc-application', draft } })).json();
  await api.context.post(`/api/changes/${id}/apply`, { data: {} });
  await expect.poll(async () => (await (await api.context.get(`/api/changes/${id}`)).json()).state).toBe('applied');
  return id;
}
