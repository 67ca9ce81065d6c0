import { type LogEvent, listOf, logEvent } from '../operations/answers.ts';
import { RestClient } from '../rest/rest-client.ts';
import { createCommand } from './command.ts';
import { findTarget, OPERATIONS_ARGS } from './connection.ts';
import { wholeNumber } from './strict-options.ts';

const MAX_PAGE_EVENTS = 500;

export const logCommand = createCommand({
  name: 'touchline log',
  description:
    'The raw log in its order, an event a line. What is sealed is shown as sealed; nothing is ever opened here.',
  args: {
    after: {
      type: 'string',
      description: 'Only what was recorded after this position',
      valueHint: 'position',
    },
    stream: { type: 'string', description: 'Only this stream', valueHint: 'stream' },
    type: {
      type: 'string',
      description: 'Only this type, e.g. touchline.order.placed.v1',
      valueHint: 'type',
    },
    limit: { type: 'string', description: 'How many events', default: '50', valueHint: 'number' },
    ...OPERATIONS_ARGS,
  },
  async run(args, { environment, stdout, stop }) {
    const limit = wholeNumber('limit', args.limit, 1);
    const client = new RestClient(await findTarget(args, environment));
    let [left, next] = [limit, undefined as string | null | undefined];
    while (left > 0 && next !== null) {
      if (stop.aborted) return 'interrupted';
      const query = new URLSearchParams({ limit: String(Math.min(left, MAX_PAGE_EVENTS)) });
      for (const name of ['after', 'stream', 'type'] as const)
        if (args[name] !== undefined) query.set(name, args[name]);
      if (next !== undefined) query.set('cursor', next);
      const page = await client.getPatiently(`/v1/log?${query}`, listOf(logEvent), stop);
      for (const event of page.items) stdout.write(`${args.json ? JSON.stringify(event) : lineOf(event)}\n`);
      left -= page.items.length;
      next = page.next;
    }
    return 'done';
  },
});

function lineOf({ position, recordedtime, type, stream, envelope, data, sealed, damage }: LogEvent): string {
  const clear = JSON.stringify({ ...envelope, data });
  const rest = sealed === null ? [] : [`[sealed: ${sealed.characters} characters]`];
  return [position, recordedtime, type, stream, damage ?? clear, ...rest].join('  ');
}
