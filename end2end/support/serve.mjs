// One server of the suite: starts it, gets a session, keeps that for the tests, says that it is ready.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { session, start } from './console.js';
import { stateFile } from './settings.js';

const [version, port] = process.argv.slice(2);
const server = await start({ port: Number(port), args: [`--demo=${version}`] });
const state = await session(server.link);
mkdirSync(path.dirname(stateFile(version)), { recursive: true });
writeFileSync(stateFile(version), JSON.stringify(state), { mode: 0o600 });

const ready = await fetch(`${server.url}/readyz`);
if (!ready.ok) {
  await server.stop();
  throw new Error(`${version} is not ready: ${ready.status} ${await ready.text()}`);
}
const end = () => server.stop().then(() => process.exit(0));
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, end);
// Whoever started this may die without a word; the server must not outlive it.
const parent = process.ppid;
setInterval(() => process.ppid !== parent && end(), 1_000);
console.log(`ready ${version}`);
