import kafkajs, { type Message } from 'kafkajs';
import { say } from '../measure/child.ts';

const { CompressionTypes, Kafka, logLevel } = kafkajs;
const [broker = '', source = '', target = '', wanted = '0'] = process.argv.slice(2);
/** As the relay cuts what it reads: pages of the log, then pieces of so many bytes. */
const PAGE_MESSAGES = 1_000;
const PIECE_BYTES = 768 * 1024;
const ALL_REPLICAS = -1;

const kafka = new Kafka({ brokers: [broker], clientId: 'bare', logLevel: logLevel.NOTHING });
const pieces = [...piecesOf(await load(Number(wanted)))];
say({ seconds: await send() });

/** What was published by the relay, in its order. */
async function load(count: number): Promise<Message[]> {
  const consumer = kafka.consumer({ groupId: `${target}-loader` });
  const messages: Message[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  await consumer.connect();
  await consumer.subscribe({ topics: [source], fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message: { key, value, headers = {} } }) => {
      messages.push({ key, value, headers });
      if (messages.length === count) resolve();
    },
  });
  await promise;
  await consumer.disconnect();
  const position = ({ headers }: Message): number => Number(String(headers?.['touchline-position']));
  return messages.sort((a, b) => position(a) - position(b));
}

function* piecesOf(messages: readonly Message[]): Generator<Message[]> {
  for (let page = 0; page < messages.length; page += PAGE_MESSAGES) {
    let [piece, bytes]: [Message[], number] = [[], 0];
    for (const message of messages.slice(page, page + PAGE_MESSAGES)) {
      const size = bytesOf(message);
      if (bytes + size > PIECE_BYTES) {
        yield piece;
        [piece, bytes] = [[], 0];
      }
      piece.push(message);
      bytes += size;
    }
    yield piece;
  }
}

function bytesOf({ value, headers = {} }: Message): number {
  const sizes = Object.entries(headers).map(([name, content]) => name.length + String(content).length);
  return (value?.length ?? 0) + sizes.reduce((sum, size) => sum + size, 0);
}

/** With the guarantees the relay gives: in order, once, on every replica. */
async function send(): Promise<number> {
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const started = performance.now();
  for (const messages of pieces)
    await producer.send({ topic: target, messages, acks: ALL_REPLICAS, compression: CompressionTypes.None });
  const seconds = (performance.now() - started) / 1_000;
  await producer.disconnect();
  return seconds;
}
