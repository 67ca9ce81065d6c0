// Whether the service in this container is ready: exit code 0, or 1 with the reason.
import { get } from 'node:http';

const TIMEOUT_MS = 2_000;
const { TOUCHLINE_PORT: port = '4000' } = process.env;

const request = get(
  { host: '127.0.0.1', port, path: '/health/ready', timeout: TIMEOUT_MS, agent: false },
  ({ statusCode }) => end(statusCode === 200 ? 0 : 1, `/health/ready answered ${statusCode}`),
);
request.on('timeout', () => end(1, `no answer within ${TIMEOUT_MS} ms`));
request.on('error', ({ code }) => end(1, `no connection (${code})`));

function end(code, reason) {
  process.stdout.write(`${reason}\n`, () => process.exit(code));
}
