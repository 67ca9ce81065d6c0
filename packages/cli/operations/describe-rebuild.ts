import { formatCount, formatSeconds } from '../display/pace.ts';
import type { Rebuild, Verification } from './answers.ts';

/** What came of a rebuild, for people. */
export function describeRebuild(name: string, rebuild: Rebuild): string {
  const { state, generation, events, seconds, failure, verification, job } = rebuild;
  const lines = [
    `${name}: ${state}, ${formatCount(events)} touchpoints in ${formatSeconds(seconds)}` +
      `${generation === null || state === 'done' ? '' : ` (generation ${generation})`}`,
  ];
  if (failure !== null) lines.push(`  ${failure}`);
  if (verification !== null) lines.push(describeVerification(verification));
  if (state === 'ready' || state === 'differs')
    lines.push(`  "touchline rebuild ${name} promote" makes it live, "... cancel" drops it (job ${job})`);
  return lines.join('\n');
}

function describeVerification({ position, equal, tables, differences }: Verification): string {
  const lines = [
    `  compared at position ${position}: ${equal ? 'equal' : 'DIFFERENT'}`,
    ...tables.map((table) => `    ${table.equal ? '=' : '≠'} ${table.table}`),
  ];
  for (const { table, key, columns, live, rebuilt, firstevent } of differences) {
    lines.push(
      `  ${table} ${JSON.stringify(key)}${firstevent === null ? '' : `, first event ${firstevent}`}`,
    );
    if (live === null) lines.push('    only rebuilt: what is served lacks this row');
    else if (rebuilt === null) lines.push('    only live: the log does not say this row');
    else
      for (const column of columns) lines.push(`    ${column}: ${valuesOf(live[column], rebuilt[column])}`);
  }
  return lines.join('\n');
}

/** Words for search are kept in a form that cannot be read back. */
function valuesOf(live: unknown, rebuilt: unknown): string {
  if (live === undefined && rebuilt === undefined) return 'differs';
  return `live ${JSON.stringify(live)}, rebuilt ${JSON.stringify(rebuilt)}`;
}
