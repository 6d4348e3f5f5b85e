// A server of a test's own: started, crashed, looked at.
import { session, start } from './console.js';

export class Server {
  /** Starts one against its own sandbox, or however `options` say. */
  static async start(options = { args: ['--demo'] }) {
    const running = await start(options);
    return new Server(running, await session(running.link), options);
  }

  constructor(running, storageState, options) {
    Object.assign(this, { running, storageState, options, url: running.url });
  }

  get cookie() {
    return this.storageState.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  }

  async get(path) {
    return (await fetch(this.url + path, { headers: { cookie: this.cookie } })).json();
  }

  async post(path, body) {
    const headers = { cookie: this.cookie, 'content-type': 'application/json' };
    const answer = await fetch(this.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  /** Where a change set stands. */
  async state(id) {
    return (await this.get(`/api/changes/${id}`)).state;
  }

  /** Names of the groups that begin so. */
  async groups(start) {
    const { results } = await this.get('/api/v3/core/groups/?page_size=100');
    return results.map(({ name }) => name).filter((name) => name.startsWith(start));
  }

  /** Names that more than one group has. */
  async duplicates() {
    const names = await this.groups('');
    return names.filter((name, index) => names.indexOf(name) !== index);
  }

  /** A page of a browser that has this server's session. */
  async page(browser, contextOptions) {
    const context = await browser.newContext({ ...contextOptions, storageState: this.storageState, baseURL: this.url });
    return context.newPage();
  }

  /** Ends it as a crash would, and starts another one on the same database. */
  async crashAndRestart() {
    await this.running.kill();
    return Server.start({ ...this.options, folder: this.running.folder });
  }

  stop() {
    return this.running.stop();
  }
}
