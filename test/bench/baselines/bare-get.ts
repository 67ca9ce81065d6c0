import { readFileSync } from 'node:fs';
import Fastify from 'fastify';
import { say } from '../measure/child.ts';

/** A bare Fastify route that answers pages from memory: what sending the same bytes costs. */
const pages = new Map(
  Object.entries(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Record<string, string>),
);
const app = Fastify();
app.get('/v1/customers/:customerid/timeline', (request, reply) => {
  const { customerid } = request.params as { customerid: string };
  return reply.type('application/json; charset=utf-8').send(pages.get(customerid));
});
say({ origin: await app.listen({ host: '127.0.0.1', port: 0 }) });
