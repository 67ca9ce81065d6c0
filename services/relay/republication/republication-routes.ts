import { type App, listOf, Problem } from '@touchline/service-kit';
import { z } from 'zod';
import type { Relay } from '../relay.ts';
import type { Republication } from './republication.ts';
import { presentRepublication, RepublicationOrderSchema, RepublicationSchema } from './schemas.ts';

const NoQuery = z.strictObject({});
const params = z.object({ job: z.uuid('must be the id of a job, a UUID') });
const JOBS = '/v1/relay/republications';

/** Replays of ranges of the log to a topic of one's choice. */
export function republicationRoutes(app: App, { relay }: { readonly relay: Relay }): void {
  const { republications } = relay;
  const present = (job: Republication) => presentRepublication(job, relay.parts.examiner.clock.now());

  app.post(
    JOBS,
    {
      schema: {
        summary: 'Publish a range of the log again, to a topic of your choice',
        description: 'Moves no checkpoint. The job lives in this process and ends with it.',
        querystring: NoQuery,
        body: RepublicationOrderSchema,
        response: { 202: RepublicationSchema },
      },
    },
    async (request, reply) => {
      const job = await begin(request.body, relay);
      const { topic, from, to } = job.order;
      const by = request.principal?.id;
      request.log.info(
        { job: job.job, topic, from: String(from), to: String(to), by },
        'republication begun',
      );
      reply.code(202);
      return present(job);
    },
  );
  app.get(
    JOBS,
    {
      schema: {
        summary: 'Republications of this process, newest first',
        querystring: NoQuery,
        response: { 200: listOf(RepublicationSchema) },
      },
    },
    async () => ({ items: republications.list().map(present), next: null }),
  );
  app.get(
    `${JOBS}/:job`,
    {
      schema: {
        summary: 'How far a republication is',
        params,
        querystring: NoQuery,
        response: { 200: RepublicationSchema },
      },
    },
    async (request) => present(known(relay, request.params.job)),
  );
  app.post(
    `${JOBS}/:job/cancel`,
    {
      schema: {
        summary: 'End a republication; what was published stays',
        params,
        querystring: NoQuery,
        response: { 200: RepublicationSchema },
      },
    },
    async (request) => {
      const job = known(relay, request.params.job);
      await republications.cancel(job.job);
      request.log.info({ job: job.job, by: request.principal?.id }, 'republication cancelled');
      return present(job);
    },
  );
}

async function begin(
  order: z.output<typeof RepublicationOrderSchema>,
  { parts, republications }: Relay,
): Promise<Republication> {
  const { topic, force, customer } = order;
  if (!force && Object.values(parts.topics).includes(topic)) throw ownTopic();
  if (republications.isFull)
    throw new Problem('job-conflict', {
      detail: 'Enough republications are under way: wait, or cancel one.',
    });
  const from = BigInt(order.from);
  const to = order.to === undefined ? await parts.journal.head() : BigInt(order.to);
  if (from < 1n || to < from) throw noRange();
  const subjects = customer === undefined ? undefined : await parts.customers.subjectsOf(customer);
  if (customer !== undefined && subjects === undefined) throw new Problem('unknown-customer');
  const mode = order.mode ?? parts.mode;
  return republications.start({ from, to, topic, mode, ...(subjects === undefined ? {} : { subjects }) });
}

function known({ republications }: Relay, id: string): Republication {
  const job = republications.find(id);
  if (job === undefined)
    throw new Problem('unknown-job', { detail: 'It may have ended with the process that ran it.' });
  return job;
}

function ownTopic(): Problem {
  const detail = 'is a topic the relay itself feeds or reads: choose another, or give force';
  return new Problem('invalid-request', { errors: [{ pointer: '/topic', detail }] });
}

function noRange(): Problem {
  const detail = 'must be a range with at least one position: from 1, to at or after from';
  return new Problem('invalid-request', { errors: [{ pointer: '/from', detail }] });
}
