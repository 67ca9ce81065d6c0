import { catalogue } from '@touchline/touchpoints';
import Fastify from 'fastify';
import { say } from '../measure/child.ts';

/** A bare Fastify route with the same schema and no storage: what the framework and the validation cost. */
const app = Fastify();
app.post('/v1/events', (request, reply) => {
  const parsed = catalogue.parse(request.body, { now: Date.now() });
  if (!parsed.ok) return reply.code(422).send({ errors: parsed.errors });
  const { source, id } = parsed.touchpoint;
  return reply.code(201).send({ source, id, eventid: EVENT_ID, position: '1', duplicate: false });
});
app.addContentTypeParser(
  'application/cloudevents+json',
  { parseAs: 'string' },
  app.getDefaultJsonParser('error', 'error'),
);

const EVENT_ID = '00000000-0000-5000-8000-000000000000';
say({ origin: await app.listen({ host: '127.0.0.1', port: 0 }) });
