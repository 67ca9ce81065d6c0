import { say } from '../measure/child.ts';
import { foldLog, readLog } from '../measure/installation.ts';

/** Works through the log of a folder in a process of its own: `read` opens every event, `fold` builds the read model. */
const [what = 'read', folder = ''] = process.argv.slice(2);
const before = process.cpuUsage();
const seconds = what === 'fold' ? await foldLog(folder) : await readLog(folder);
const { user, system } = process.cpuUsage(before);
say({ seconds, cpuMicroseconds: user + system });
