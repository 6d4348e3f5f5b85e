// “What has Ostiary done, and can I take it back?”
import { expect, test } from '../support/fixtures.js';
import { Server } from '../support/server.js';
import { Wizard } from '../support/wizard.js';

test('a set-up is undone, and nothing of it is left', async ({ page, api, a11y, js, unique }) => {
  const name = `Undo ${unique}`;
  const wizard = new Wizard(page);
  await wizard.choose('Grafana');
  await wizard.address({ Address: 'https://grafana.example.com', Name: name });
  await wizard.access({ newGroup: true });
  const id = await wizard.apply(name);
  expect(await api.slugs(`undo-${unique}`)).toEqual([`undo-${unique}`]);

  await page.goto('/changes');
  await a11y.audit();
  await page.goto(`/changes/${id}`);
  await expect(page.getByRole('region', { name: 'Created objects' }).getByRole('rowheader')).toHaveText(
    [`${name} users`, name, name],
  );
  await a11y.audit();
  await page.getByRole('link', { name: 'Undo the change set' }).click();
  if (js) {
    const dialog = page.getByRole('dialog');
    await expect(dialog).toBeVisible();
    await a11y.audit();
    await dialog.getByRole('button', { name: 'Undo now' }).click();
  } else {
    await expect(page.getByRole('region', { name: 'What will be deleted' })).toContainText(`${name} users`);
    await a11y.audit();
    await page.getByRole('button', { name: 'Undo the change set' }).click();
  }
  await expect(page.getByText('What this change set created was deleted again')).toBeVisible();
  expect(await api.slugs(`undo-${unique}`)).toEqual([]);
  const { results: groups } = await api.read(`/core/groups/?name=${encodeURIComponent(`${name} users`)}`);
  expect(groups).toEqual([]);
  const { results: providers } = await api.read(`/providers/oauth2/?search=${encodeURIComponent(name)}`);
  expect(providers).toEqual([]);
});

test('a change set that is not there, and one that left nothing to undo', async ({ page, api, unique }) => {
  expect((await page.goto('/changes/no-such-change')).status()).toBe(404);
  await expect(page.getByRole('alert')).toContainText('There is no change set');
  const draft = { preset: 'grafana', name: `plan-${unique}`, base_url: 'https://g.example.com', access: { everyone: true } };
  const { id } = await (await api.context.post('/api/changes', { data: { kind: 'oidc-application', draft } })).json();
  await page.goto(`/changes/${id}`);
  await expect(page.getByText('Nothing has been written yet.').first()).toBeVisible();
  await expect(page.getByRole('link', { name: 'Undo the change set' })).toHaveCount(0);
  await page.goto(`/changes/${id}/undo`);
  await expect(page.getByText('This change set cannot be undone')).toBeVisible();
});

for (const way of ['Resume', 'Undo']) {
  test(`after a crash in the middle: ${way}`, async ({ browser, contextOptions, unique, js }) => {
    const slug = `crash-${unique}`;
    const server = await Server.start();
    const newGroups = Array.from({ length: 40 }, (_, number) => `${slug} ${number}`);
    const draft = { preset: 'grafana', name: slug, base_url: 'https://g.example.com', access: { new_groups: newGroups } };
    const { id } = await server.post('/api/changes', { kind: 'oidc-application', draft });
    await server.post(`/api/changes/${id}/apply`, {});
    // The sandbox of the demo dies too: afterwards nothing of the set-up is there.
    const again = await server.crashAndRestart();
    try {
      const page = await again.page(browser, contextOptions);
      await page.goto(`${again.url}/changes/${id}`);
      await expect(page.getByText('Interrupted', { exact: true }).first()).toBeVisible();
      if (way === 'Resume') {
        await page.getByRole('button', { name: 'Resume' }).click();
        await expect.poll(() => again.state(id)).toMatch(/applied|failed_and_undone|interrupted/);
        // Looked at in a tab of its own: the page goes on by itself at that very moment.
        const look = await page.context().newPage();
        await look.goto(`${again.url}/changes/${id}`);
        await expect(look.getByRole('heading', { level: 1 })).toBeVisible();
        expect(await again.duplicates()).toEqual([]);
      } else {
        await page.getByRole('link', { name: 'Undo the change set' }).click();
        await page.getByRole('button', { name: js ? 'Undo now' : 'Undo the change set' }).click();
        // The page says so by itself; only then is it left.
        await expect(page.getByText('Undone', { exact: true }).first()).toBeVisible();
        expect(await again.state(id)).toBe('undone');
        expect(await again.groups(slug)).toEqual([]);
      }
      await page.context().close();
    } finally {
      await again.stop();
    }
  });
}
