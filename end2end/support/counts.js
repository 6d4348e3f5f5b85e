// Counts what passed with and without JavaScript, and writes it where `cargo xtask test` reads it.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export default class Counts {
  passed = { js: 0, nojs: 0 };
  audits = 0;

  onTestEnd(test, result) {
    const project = test.parent.project()?.name;
    if (result.status === 'passed' && project in this.passed) this.passed[project] += 1;
    this.audits += result.annotations.filter(({ type }) => type === 'axe').length;
  }

  onEnd() {
    const file = process.env.OSTIARY_COUNTS;
    if (!file) return;
    mkdirSync(path.dirname(file), { recursive: true });
    const { js, nojs } = this.passed;
    writeFileSync(
      file,
      `e2e: ${js} tests passed with JavaScript, ${nojs} without\ne2e: ${this.audits} pages audited by axe without a finding\n`,
    );
  }

  printsToStdio() {
    return false;
  }
}
