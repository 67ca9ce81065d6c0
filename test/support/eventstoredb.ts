import { GenericContainer, getContainerRuntimeClient, Wait } from 'testcontainers';

/** Pinned: what was tested is what is tested. */
const IMAGE = 'kurrentplatform/kurrentdb:26.1.2';
const PORT = 2113;
const START_MS = 120_000;

/** An EventStoreDB (KurrentDB) that tests may use, whoever runs it. */
export interface EventStoreDbForTests {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * The server named by `TOUCHLINE_TEST_EVENTSTOREDB`, else one in a container where there is Docker. Answers the reason where
 * there is none, and throws it when `TOUCHLINE_TEST_REQUIRE` names `eventstoredb`.
 */
export async function openEventStoreDbForTests(): Promise<
  EventStoreDbForTests | { readonly missing: string }
> {
  const given = process.env.TOUCHLINE_TEST_EVENTSTOREDB;
  if (given) return { url: given, close: async () => {} };
  try {
    return await startContainer();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const missing = `no EventStoreDB can be had here: TOUCHLINE_TEST_EVENTSTOREDB names none, and in Docker: ${reason}`;
    const isRequired = (process.env.TOUCHLINE_TEST_REQUIRE ?? '').split(',').includes('eventstoredb');
    if (isRequired) throw new Error(missing, { cause });
    process.stderr.write(`${missing}\n`);
    return { missing };
  }
}

/** One node without certificates, which forgets everything when it stops. */
async function startContainer(): Promise<EventStoreDbForTests> {
  await getContainerRuntimeClient(); // rejects at once where there is no Docker
  const container = await new GenericContainer(IMAGE)
    .withEnvironment({ KURRENTDB_INSECURE: 'true', KURRENTDB_MEM_DB: 'true', KURRENTDB_CLUSTER_SIZE: '1' })
    .withExposedPorts(PORT)
    .withWaitStrategy(Wait.forHttp('/health/live', PORT).forStatusCode(204))
    .withStartupTimeout(START_MS)
    .start();
  const url = `esdb://${container.getHost()}:${container.getMappedPort(PORT)}?tls=false`;
  return { url, close: async () => void (await container.stop()) };
}
