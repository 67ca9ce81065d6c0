/**
 * Why node_modules does not match the lock file, or `undefined` when it does. Compares contents, not times: a fresh
 * checkout gives every file a new time. npm writes `node_modules/.package-lock.json` last, so an interrupted
 * install counts as none.
 */
export function installationGap({ lock, installed, hasNode, platform }) {
  if (lock === undefined) return 'no package-lock.json to compare with';
  if (installed === undefined) return 'nothing is installed';
  for (const [path, wanted] of Object.entries(lock.packages)) {
    if (!path.startsWith('node_modules/')) continue;
    const found = installed.packages[path];
    // What is optional may be for another platform: npm leaves it out.
    if (found === undefined && wanted.optional) continue;
    if (found === undefined) return `${nameOf(path)} is missing`;
    if (identity(found) !== identity(wanted)) return `${nameOf(path)} has changed`;
  }
  if (!hasNode && lock.packages[`node_modules/node-${platform}`]) return `Node for ${platform} is missing`;
  return undefined;
}

function identity({ version, integrity, link, resolved }) {
  return link ? `link:${resolved}` : `${version} ${integrity}`;
}

function nameOf(path) {
  return path.slice('node_modules/'.length);
}
