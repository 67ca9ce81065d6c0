import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const MAX_WAIT_MS = 10_000;

/** A connection that speaks whatever it is told to: for what no HTTP client would send. */
export class RawConnection {
  readonly #socket: Socket;
  #text = '';
  #isClosed = false;
  #news: () => void = () => {};

  static async open(origin: string): Promise<RawConnection> {
    const { hostname, port } = new URL(origin);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      this.#text += chunk.toString('latin1');
      this.#news();
    });
    // A reset is one way of being closed.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#isClosed = true;
      this.#news();
    });
  }

  send(bytes: string | Buffer): void {
    this.#socket.write(bytes);
  }

  /** Status codes of the answers so far, interim ones among them. */
  get statuses(): number[] {
    return [...this.#text.matchAll(/(?:^|\}|\n)HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
  }

  get text(): string {
    return this.#text;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Waits until it has been answered so often, or is closed. */
  async answers(count: number): Promise<number[]> {
    await this.#until(() => this.statuses.length >= count);
    return this.statuses;
  }

  async closed(): Promise<void> {
    await this.#until(() => this.#isClosed);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  async #until(condition: () => boolean): Promise<void> {
    const deadline = Date.now() + MAX_WAIT_MS;
    while (!condition() && !this.#isClosed) {
      const news = new Promise<void>((resolve) => {
        this.#news = resolve;
      });
      await Promise.race([news, delay(deadline - Date.now(), undefined, { ref: false })]);
      if (Date.now() >= deadline) throw new Error(`nothing more came after:\n${this.#text}`);
    }
  }
}

/** A request as text. Its length is that of the body, unless `headers` say otherwise. */
export function request(
  line: string,
  { headers = {}, body }: { headers?: Readonly<Record<string, string>>; body?: string } = {},
): string {
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const all = { host: '127.0.0.1', ...length, ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${line} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`;
}
