// Starting a server of the console and getting a session from its one-time link.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { program, reportUri, site } from './settings.js';

/** What the server prints of the way in: an address, and a code where there is one. */
const WAY_IN = /^Open (http:\/\/\S+)(?: and set Ostiary up with the code (\S+))?.*$/m;

/** A port that nobody uses at the moment. */
export async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/**
 * Starts `ostiary serve` in a folder of its own, which goes with it.
 *
 * @param {{ port?: number, args?: string[], env?: Record<string, string>, folder?: string }} options
 * @returns `url`; `link`, the one-time link, or where the code for the first account is used; `code`, that; `folder`, where its database is; `stop()`; `kill()`, as a
 *   crash would, keeping the folder
 */
export async function start({ port, args = [], env = {}, folder } = {}) {
  port ??= await freePort();
  folder ??= mkdtempSync(path.join(tmpdir(), 'ostiary-e2e-'));
  const usual = { OSTIARY_ENTRY: 'link', OSTIARY_CSP_REPORT_URI: reportUri };
  const child = spawn(
    program,
    ['serve', `--listen=127.0.0.1:${port}`, '--database=ostiary.sqlite', `--site-root=${site}`, ...args],
    { cwd: folder, env: { ...clean(process.env), ...usual, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = new Promise((done) => child.on('exit', done));
  const { link, code } = await wayIn(child);
  const end = async (signal) => {
    child.kill(signal);
    await ended;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    link,
    code,
    folder,
    kill: () => end('SIGKILL'),
    async stop() {
      await end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function wayIn(child) {
  return new Promise((found, failed) => {
    let printed = '';
    const read = (chunk) => {
      printed += chunk;
      const [all, link, code] = printed.match(WAY_IN) ?? [];
      if (all) found({ link, code });
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('error', failed);
    child.on('exit', (code) => failed(new Error(`the server ended with ${code}:\n${printed}`)));
  });
}

/** The environment without what configures Ostiary: a test says itself what it wants. */
function clean(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(OSTIARY|LEPTOS)_/.test(name)));
}

/** Exchanges the one-time link for a session, in the form that Playwright keeps. */
export async function session(link) {
  const answer = await fetch(link, { redirect: 'manual' });
  const cookies = answer.headers.getSetCookie().map((line) => {
    const [pair] = line.split(';');
    const at = pair.indexOf('=');
    return {
      name: pair.slice(0, at),
      value: pair.slice(at + 1),
      domain: '127.0.0.1',
      path: '/',
      expires: -1,
      httpOnly: true,
      secure: false,
      sameSite: 'Strict',
    };
  });
  if (cookies.length === 0) throw new Error(`the one-time link gave no session: ${answer.status}`);
  return { cookies, origins: [] };
}
