// Where the suite finds things. `cargo xtask e2e` sets the variables; the defaults serve a developer
// who runs Playwright by hand.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The server's program. */
export const program = process.env.OSTIARY_BIN ?? path.join(root, 'target/debug/ostiary');

/** The browser's program. */
export const chromium =
  process.env.OSTIARY_CHROMIUM ??
  ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((file) => existsSync(file));

/** The first of four ports; another one where two suites run on one machine. */
const port = Number(process.env.OSTIARY_E2E_PORT ?? 4310);

/** Port of the server for each version of the sandbox. */
export const ports = { '2023.10': port, '2025.10': port + 1, '2026.5': port + 2 };

/** Where browsers report what the content security policy kept from happening. */
export const reportPort = port + 3;
export const reportUri = `http://127.0.0.1:${reportPort}/`;

/** All versions of the sandbox, oldest first. */
export const versions = Object.keys(ports);

/** Where the session of a version's server is kept, for the browser and for programs. */
export const stateFile = (version) => path.join(root, 'target/e2e', `${ports[version]}-${version}.json`);

/** What the build made for browsers. */
export const site = process.env.OSTIARY_SITE ?? path.join(root, 'target/site');
