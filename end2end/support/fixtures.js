// What every spec gets: the server of a version, its API, the axe audit, and a watch over the console.
import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { test as base, expect } from '@playwright/test';
import { ports, reportUri, stateFile, versions } from './settings.js';

export { expect, versions };

/** WCAG 2.2, levels A and AA. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Answers of the server that a test asks for on purpose are reported by the browser as errors too. */
const EXPECTED = /Failed to load resource: the server responded with a status of 4\d\d/;
/** A server function that refuses answers 500, whatever its reason: leptos has no other status for it. */
const REFUSED = /\/_fn\//;

export const test = base.extend({
  /** Version of the sandbox; a spec changes it with `test.use({ version })`. */
  version: ['2026.5', { option: true }],

  /** Whether the pages may run scripts. */
  js: async ({ javaScriptEnabled }, use) => use(javaScriptEnabled !== false),

  baseURL: async ({ version }, use) => use(`http://127.0.0.1:${ports[version]}`),

  storageState: async ({ version }, use) => use(JSON.parse(readFileSync(stateFile(version), 'utf8'))),

  /** A text that no other test uses, for names and slugs. */
  unique: async ({}, use, info) => {
    const text = `${info.project.name}${info.testId.slice(-6)}${info.repeatEachIndex}`;
    await use(text.toLowerCase().replace(/[^a-z0-9]/g, ''));
  },

  /** Fails the test on anything that the browser complains about. */
  watch: [
    async ({ page }, use) => {
      const complaints = [];
      page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
      page.on('console', (message) => {
        const text = message.text();
        const bad = message.type() === 'error' || text.includes('Content Security Policy');
        const refused = REFUSED.test(message.location().url) && text.includes('a status of 500');
        if (bad && !refused && !EXPECTED.test(text)) complaints.push(`${message.type()}: ${text} (${page.url()})`);
      });
      await use(complaints);
      expect(complaints, 'the browser complained').toEqual([]);
    },
    { auto: true },
  ],

  /** Fails the test on what the browser reported of the pages that it opened. */
  reports: [
    async ({ context }, use) => {
      const origins = new Set();
      context.on('request', (request) => request.isNavigationRequest() && origins.add(new URL(request.url()).origin));
      await use();
      for (const origin of origins) expect(await reportsOn(origin), 'violations of the policy').toEqual([]);
    },
    { auto: true },
  ],

  /** `await a11y.audit()` looks at the page as it is; the last page of a test is always looked at. */
  a11y: [
    async ({ page, browser, js, storageState }, use, info) => {
      const audit = async () => {
        const violations = js ? await axe(page) : await axeWithoutScripts(browser, page, storageState);
        info.annotations.push({ type: 'axe', description: page.url() });
        expect(violations, `axe on ${page.url()}`).toEqual([]);
      };
      await use({ audit });
      const shown = page.url().startsWith('http') && info.status === info.expectedStatus;
      if (shown) await audit();
    },
    { auto: true },
  ],

  /** The console's JSON API with the session of the browser. */
  api: async ({ playwright, baseURL, storageState }, use) => {
    const context = await playwright.request.newContext({ baseURL, storageState });
    await use(new Api(context));
    await context.dispose();
  },
});

/** What browsers reported of the pages of a server; with `DELETE`, for the last time. */
export async function reportsOn(origin, method = 'GET') {
  const answer = await fetch(`${reportUri}?origin=${encodeURIComponent(origin)}`, { method });
  return answer.json();
}

async function axe(page) {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  return violations.map(({ id, nodes }) => ({ id, nodes: nodes.map((node) => node.html).slice(0, 3) }));
}

/** axe is a script itself: what the page shows is opened where scripts may run, but none of ours is let in. */
async function axeWithoutScripts(browser, shown, storageState) {
  const [url, body] = [shown.url(), await shown.content()];
  const context = await browser.newContext({ storageState, javaScriptEnabled: true });
  await context.route('**/pkg/*.{js,wasm}', (route) => route.abort());
  await context.route(url, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body }));
  try {
    const page = await context.newPage();
    await page.goto(url);
    return await axe(page);
  } finally {
    await context.close();
  }
}

/** What programs call. */
export class Api {
  constructor(context) {
    this.context = context;
  }

  /** A read of authentik's, through the read proxy. */
  async read(path) {
    const answer = await this.context.get(`/api/v3${path}`);
    expect(answer.status(), `GET /api/v3${path}`).toBe(200);
    return answer.json();
  }

  /** Plans a change set, applies it, and waits until it is done. */
  async change(kind, draft) {
    const planned = await this.context.post('/api/changes', { data: { kind, draft } });
    const change = await planned.json();
    expect(planned.status(), JSON.stringify(change)).toBe(201);
    const confirm = change.plan.confirm?.text ?? '';
    const applied = await this.context.post(`/api/changes/${change.id}/apply`, { data: { confirm } });
    expect(applied.status(), await applied.text()).toBe(202);
    const state = async () => (await (await this.context.get(`/api/changes/${change.id}`)).json()).state;
    await expect.poll(state).toBe('applied');
    return change.id;
  }

  /** An application of the test’s own that these groups may open; gives its slug. */
  async setUp(unique, groups) {
    const slug = `app-${unique}`;
    const draft = { preset: 'grafana', name: slug, base_url: 'https://g.example.com', access: { groups } };
    await this.change('oidc-application', draft);
    return slug;
  }

  /** An application by its slug. */
  application(slug) {
    return this.read(`/core/applications/${slug}/`);
  }

  /** The OAuth2 provider of an application. */
  async provider(slug) {
    const application = await this.application(slug);
    return this.read(`/providers/oauth2/${application.provider}/`);
  }

  /** Names of the groups that are bound to an application, in order. */
  async boundGroups(slug) {
    const { pk } = await this.application(slug);
    const { results } = await this.read(`/policies/bindings/?target=${pk}&ordering=order&page_size=100`);
    return results.map((binding) => binding.group_obj.name);
  }

  /** Redirect URIs as texts, whatever form this version gives them. */
  async redirectUris(slug) {
    const { redirect_uris: uris } = await this.provider(slug);
    return typeof uris === 'string'
      ? uris.split('\n').map((uri) => uri.replace(/\\(.)/g, '$1'))
      : uris.map(({ url }) => url);
  }

  /** The applications whose slug starts so. */
  async slugs(start) {
    const { results } = await this.read('/core/applications/?superuser_full_list=true&page_size=100');
    return results.map(({ slug }) => slug).filter((slug) => slug.startsWith(start));
  }
}
