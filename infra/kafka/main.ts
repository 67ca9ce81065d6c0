import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { KafkaBroker } from './kafka-broker.ts';

const HELP = `Runs one Apache Kafka broker on this machine, for trying things out; fetches it the first time.

npm run kafka -- [options]

  --data <folder>  where its data lie and stay (default: .touchline/kafka)
  --port <number>  where it listens on 127.0.0.1 (default: 9092; 0 takes a free port)
  --help           shows this

It prints its address when it is up. Ctrl-C stops it cleanly. Its log is kafka.log in the data folder.
`;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const MAX_PORT = 65_535;

interface Wish {
  readonly folder: string;
  readonly port: number;
}

function readWish(): Wish {
  const { values } = parseArgs({
    options: {
      data: { type: 'string', default: join('.touchline', 'kafka') },
      port: { type: 'string', default: '9092' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    process.exit(0);
  }
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > MAX_PORT) throw new Error(`"${values.port}" is not a port`);
  return { folder: resolve(values.data), port };
}

async function run({ folder, port }: Wish): Promise<void> {
  await mkdir(folder, { recursive: true });
  const broker = await KafkaBroker.start(port === 0 ? { folder } : { folder, port });
  let isWanted = true;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      isWanted = false;
      void broker.stop('clean');
    });
  }
  process.stdout.write(`${broker.address}\n`);
  await broker.ended();
  await broker.close();
  if (isWanted) throw new Error(`Kafka has ended by itself; see ${join(folder, 'kafka.log')}`);
}

try {
  await run(readWish());
} catch (failure) {
  process.stderr.write(`touchline: ${failure instanceof Error ? failure.message : String(failure)}\n`);
  process.exitCode = 1;
}
