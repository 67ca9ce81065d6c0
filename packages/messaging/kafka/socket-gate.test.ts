import { once } from 'node:events';
import { createServer } from 'node:net';
import type { ISocketFactoryArgs } from 'kafkajs';
import { expect, test } from 'vitest';
import { freePort } from '../../../infra/kafka/free-port.ts';
import { SocketGate } from './socket-gate.ts';

const RETRIES = 20;

function wanted(port: number, onConnect = () => {}): ISocketFactoryArgs {
  // Without TLS the client passes nothing, whatever the type says.
  return { host: '127.0.0.1', port, ssl: undefined as never, onConnect };
}

test('a socket that has closed gathers no listeners, however often the client lets go of it', async () => {
  const socket = new SocketGate().factory(wanted(await freePort()));
  socket.on('error', () => {}); // nobody listens there
  await new Promise((resolve) => socket.once('close', resolve));
  const before = socket.listenerCount('connect');
  for (let retry = 0; retry < RETRIES; retry++) socket.unref();
  expect(socket.listenerCount('connect')).toBe(before);
});

test('a closed gate ends its sockets and opens none', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const gate = new SocketGate();
  const connected = Promise.withResolvers<void>();
  const { port } = server.address() as { port: number };
  const socket = gate.factory(wanted(port, connected.resolve));
  await connected.promise;
  gate.close();
  await once(socket, 'close');
  expect(() => gate.factory(wanted(port))).toThrow('has been closed');
  server.close();
});
