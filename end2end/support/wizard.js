// The wizard, driven as a person does: by what the page says. Counts every click and every text typed.
import { expect } from '@playwright/test';

/** A text field by its whole label, whether it is marked as optional or not. */
export function field(page, label) {
  const escaped = label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return page.getByRole('textbox', { name: new RegExp(`^${escaped}( \\(optional\\))?$`) });
}

export class Wizard {
  inputs = 0;

  /** `audit` looks at each page on the way. */
  constructor(page, audit = async () => {}) {
    this.page = page;
    this.audit = audit;
  }

  async click(locator) {
    this.inputs += 1;
    await locator.click();
  }

  async type(label, text) {
    this.inputs += 1;
    await field(this.page, label).fill(text);
  }

  async tick(locator) {
    this.inputs += 1;
    await locator.check();
  }

  async on(step) {
    await expect(this.page.getByRole('heading', { level: 1 })).toContainText(`${step}: `);
    await this.audit();
  }

  async go() {
    await this.click(this.page.getByRole('button', { name: 'Continue', exact: true }));
  }

  /** Step “Choose”. */
  async choose(preset) {
    await this.page.goto('/new');
    await this.audit();
    await this.click(this.page.getByRole('button', { name: preset, exact: true }));
    await this.on('Address');
  }

  /** Step “Address”: the fields by label. Goes on to the access, or to the details where asked. */
  async address(fields, { details = false } = {}) {
    for (const [label, text] of Object.entries(fields)) {
      await this.type(label, text);
    }
    if (details) {
      await this.click(this.page.getByRole('button', { name: 'Look at the details first' }));
      await this.on('Details');
    } else {
      await this.go();
      await this.on('Access');
    }
  }

  /** Step “Access”: groups that exist, the suggested new group, or everyone. */
  async access({ groups = [], newGroup = false, everyone = false }) {
    // The label covers its whole card: it is what a person presses.
    if (everyone) await this.click(this.page.getByText('Everyone', { exact: true }));
    for (const group of groups) {
      await this.tick(this.page.getByRole('checkbox', { name: group, exact: true }));
    }
    if (newGroup) await this.tick(this.page.getByRole('checkbox', { name: /^Create the group/ }));
    await this.go();
    await this.on('Review');
  }

  /**
   * Step “Review”: what the page says will be done, as `steps: [{ title, lines: [[label, value]] }]`, and
   * the `missing` scopes, which it warns about.
   */
  async review() {
    const warned = await this.page.getByText(/^There is no scope mapping for/).allTextContents();
    const missing = warned.map((text) => text.match(/“(.*)”/)[1]);
    return { steps: await this.steps(), missing };
  }

  async steps() {
    const steps = this.page.getByRole('region', { name: 'What will be done' }).getByRole('list').first();
    await expect(steps).toBeVisible();
    return steps.evaluate((list) =>
      [...list.children].map((step) => ({
        title: step.querySelector('h3').textContent,
        lines: [...step.querySelectorAll('dl > div')].map((line) => [
          line.querySelector('dt').textContent,
          line.querySelector('dd').textContent,
        ]),
      })),
    );
  }

  /** Step “Apply”, until the application is set up; gives the id of the change set. */
  async apply(name) {
    await this.click(this.page.getByRole('button', { name: 'Apply', exact: true }));
    await this.page.waitForURL('**/new/done/**');
    await expect(this.page.getByRole('heading', { level: 1, name: `${name} is set up` })).toBeVisible();
    return this.page.url().match(/done\/([^/?#]+)/)[1];
  }

  /** The checks on the last page: all of them have run, and none is bad. */
  async checksAreGreen(atLeast) {
    const checks = this.page.getByRole('list', { name: 'Checks' }).getByRole('listitem');
    await expect(checks.first()).toBeVisible();
    const texts = await checks.allTextContents();
    expect(texts.filter((text) => /^(Failed|Warning)/.test(text.trim()))).toEqual([]);
    expect(texts.filter((text) => text.trim().startsWith('Passed')).length).toBeGreaterThanOrEqual(atLeast);
  }
}
