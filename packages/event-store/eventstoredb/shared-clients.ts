import { parseConnectionString } from './connection-string.ts';
import { createClient, type SturdyClient } from './sturdy-client.ts';

/** Whoever opens the same address in one process speaks through one client, and one connection. */
const clients = new Map<string, { readonly client: SturdyClient; users: number }>();

export interface BorrowedClient {
  readonly client: SturdyClient;
  /** The last one to give it back closes it. Call once. */
  giveBack(): Promise<void>;
}

/** Connects to nobody yet. Throws `event-store-invalid-argument` for an address that is none. */
export function borrowClient(url: string): BorrowedClient {
  const shared = clients.get(url) ?? { client: createClient(parseConnectionString(url)), users: 0 };
  shared.users += 1;
  clients.set(url, shared);
  return {
    client: shared.client,
    giveBack: async () => {
      shared.users -= 1;
      if (shared.users > 0) return;
      clients.delete(url);
      await shared.client.close();
    },
  };
}
