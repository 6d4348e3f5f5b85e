// At the end of the suite: no browser reported anything, however late.
import { reportUri } from './settings.js';

export default async function noReports() {
  const reports = await (await fetch(reportUri)).json();
  console.log(`${reports.length} violations of the content security policy were reported`);
  if (reports.length > 0) throw new Error(JSON.stringify(reports, null, 2));
}
