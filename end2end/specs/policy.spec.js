// The content security policy: what it keeps from happening is reported, so that silence means something.
import { expect, reportsOn, test } from '../support/fixtures.js';
import { Server } from '../support/server.js';

test('an image from elsewhere is not loaded, and reported', async ({ browser, contextOptions }) => {
  const server = await Server.start();
  // A browser of its own: the usual one fails its test when it has anything to report.
  const page = await server.page(browser, contextOptions);
  try {
    await page.goto(`${server.url}/presets`);
    await page.evaluate(() => {
      const image = document.createElement('img');
      image.src = 'http://127.0.0.1:9/elsewhere.png';
      document.body.append(image);
    });
    const reports = async () =>
      (await reportsOn(server.url)).map((report) => [report['effective-directive'], report['blocked-uri']]);
    await expect.poll(reports).toEqual([['img-src', 'http://127.0.0.1:9/elsewhere.png']]);
  } finally {
    await reportsOn(server.url, 'DELETE');
    await page.context().close();
    await server.stop();
  }
});
