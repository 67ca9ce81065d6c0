import { z } from 'zod';
import { formatCount } from '../display/pace.ts';
import { listOf, type ReadModel, readModel } from '../operations/answers.ts';
import { columns } from '../operations/columns.ts';
import { RestClient } from '../rest/rest-client.ts';
import { createCommand } from './command.ts';
import { findTarget, OPERATIONS_ARGS, READ_MODEL_ARG } from './connection.ts';

const HEAD = ['READ MODEL', 'STATE', 'GENERATION', 'POSITION', 'HEAD', 'BEHIND', 'PARKED', 'RATE'];

export const readModelsCommand = createCommand({
  name: 'touchline readmodels',
  description: 'How the read models stand: position, head, how far behind, who is parked.',
  args: OPERATIONS_ARGS,
  async run(args, { environment, stdout }) {
    const client = new RestClient(await findTarget(args, environment));
    const { items } = await client.get('/v1/readmodels', listOf(readModel));
    if (args.json) stdout.write(`${JSON.stringify({ items })}\n`);
    else
      stdout.write(
        `${items.length === 0 ? 'There is no read model yet.' : columns(HEAD, items.map(rowOf))}\n`,
      );
    return 'done';
  },
});

function rowOf(model: ReadModel): (string | number)[] {
  const { name, state, failure, generation, position, head, behind, parked, rate } = model;
  return [
    name,
    failure === null ? state : `${state} (${failure})`,
    generation ?? '-',
    position,
    head,
    behind.events === 0 ? '0' : `${formatCount(behind.events)} (${Math.ceil(behind.seconds)} s)`,
    parked.subjects === 0
      ? '0'
      : `${formatCount(parked.subjects)} (${formatCount(parked.events)} touchpoints)`,
    `${formatCount(rate)}/s`,
  ];
}

export const rollbackCommand = createCommand({
  name: 'touchline rollback',
  description: 'Give readers back the generation they saw before the last promotion, at once.',
  args: { ...READ_MODEL_ARG, ...OPERATIONS_ARGS },
  async run(args, { environment, stdout }) {
    const client = new RestClient(await findTarget(args, environment));
    const path = `/v1/readmodels/${encodeURIComponent(args.name)}/rollback`;
    const answer = await client.post(path, undefined, z.object({ generation: z.int() }));
    stdout.write(
      args.json
        ? `${JSON.stringify(answer)}\n`
        : `${args.name}: generation ${answer.generation} is live again\n`,
    );
    return 'done';
  },
});
