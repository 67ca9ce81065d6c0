// Adds up vitest's JSON results and prints one closing line; fails when no test ran at all.
import { readFileSync } from 'node:fs';

const results = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, 'utf8')));
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
const passed = sum('numPassedTests');
const failed = sum('numFailedTests');
process.stdout.write(`${passed} passed, ${failed} failed, ${sum('numPendingTests')} skipped\n`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
