// The sink for reports of the content security policy: keeps them, and gives them to whoever asks.
import { createServer } from 'node:http';

const reports = [];

/** The origin of the page that a report is about. */
const origin = (report) => URL.parse(report['document-uri'])?.origin;

const server = createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  if (request.method === 'POST') {
    const body = JSON.parse(Buffer.concat(parts).toString());
    reports.push(body['csp-report'] ?? body);
    response.writeHead(204).end();
    return;
  }
  const about = new URL(request.url, 'http://localhost').searchParams.get('origin');
  const asked = reports.filter((report) => !about || origin(report) === about);
  // A test that provokes some takes them away again.
  if (request.method === 'DELETE') asked.forEach((report) => reports.splice(reports.indexOf(report), 1));
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(asked));
});
server.listen(Number(process.argv[2]), '127.0.0.1', () => console.log('ready for reports'));
const end = () => server.close(() => process.exit(0));
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, end);
const parent = process.ppid;
setInterval(() => process.ppid !== parent && process.exit(0), 1_000);
