import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ISocketFactory, ISocketFactoryArgs } from 'kafkajs';

const KEEP_ALIVE_MS = 30_000;

/**
 * Opens the sockets of one client, and can shut them for good. kafkajs reconnects a client that was told to disconnect when
 * one of its retries is still under way; behind a closed gate it cannot.
 */
export class SocketGate {
  readonly #sockets = new Set<Socket>();
  #isClosed = false;

  readonly factory: ISocketFactory = (wanted) => {
    if (this.#isClosed) throw new Error('this client has been closed');
    const socket = open(wanted);
    this.#sockets.add(socket);
    socket.once('close', () => this.#forget(socket));
    return socket;
  };

  close(): void {
    this.#isClosed = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** kafkajs lets go of a closed socket anew at each of its retries, and each time Node would wait for it to connect. */
  #forget(socket: Socket): void {
    this.#sockets.delete(socket);
    socket.unref = () => socket;
  }
}

function open({ host, port, ssl, onConnect }: ISocketFactoryArgs): Socket {
  // The type says that TLS is always there; without it the client passes nothing.
  const tls: typeof ssl | undefined | false = ssl;
  const name = isIP(host) ? {} : { servername: host };
  const socket = tls
    ? connectTls({ host, port, ...name, ...tls }, onConnect)
    : connect({ host, port }, onConnect);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  socket.setNoDelay(true);
  return socket;
}
