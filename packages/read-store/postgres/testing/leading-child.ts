import { connect } from './connect.ts';

/** Run as a process: leads, says so, and stays. */
const [place = '', readModel = ''] = process.argv.slice(2);
const store = await connect(place);
await store.lead(readModel, { signal: new AbortController().signal });
process.stdout.write('leads\n');
setInterval(() => {}, 60_000);
