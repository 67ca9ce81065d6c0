// Writes .env beside docker-compose.yml, once: every secret the containers need, made here, for its owner's eyes alone.
// Plain JavaScript: whoever runs containers may have no more than some Node of 20 or later.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const path = resolve(process.argv[2] ?? fileURLToPath(new URL('../../.env', import.meta.url)));
/** Hexadecimal, so that each can stand in an address as it is. */
const secret = (bytes) => randomBytes(bytes).toString('hex');

const text = `# Made once. Whoever reads this file can read everything: keep it out of backups of log and databases, but keep it.
# Lets its bearer do everything.
TOUCHLINE_ADMIN_TOKEN=${secret(24)}
# Opens the keys of data subjects. Without it every personal field is lost: copy it to a safe place today.
TOUCHLINE_MASTER_KEY=${secret(32)}
# Taken when a database is made; a later change here does not change them there.
READ_MODELS_PASSWORD=${secret(24)}
KEYS_PASSWORD=${secret(24)}
GRAFANA_PASSWORD=${secret(24)}
`;

try {
  writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
  process.stdout.write(`touchline: wrote ${path}. Copy it to a safe place.\n`);
} catch (error) {
  const why =
    error.code === 'EEXIST' ? 'is there already: nothing was changed' : `cannot be written (${error.code})`;
  process.stderr.write(`touchline: ${path} ${why}\n`);
  process.exit(1);
}
