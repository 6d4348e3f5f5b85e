// authentik for a console of a test's own: what another console's sandbox says, for one token.
import { createServer } from 'node:http';

/**
 * Passes reads on to the sandbox of `server`, for who has `token`.
 *
 * @returns `url`, `close()`, and what it was asked, in `asked`
 */
export async function upstream(server, token) {
  const asked = [];
  const http = createServer(async (request, response) => {
    asked.push(request.url);
    if (request.headers.authorization !== `Bearer ${token}`) {
      response.writeHead(403, { 'content-type': 'application/json' });
      response.end('{"detail":"Token invalid/expired"}');
      return;
    }
    const answer = await fetch(server.url + request.url, { headers: { cookie: server.cookie } });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' });
    response.end(await answer.text());
  });
  await new Promise((done) => http.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${http.address().port}`, asked, close: () => http.close() };
}
