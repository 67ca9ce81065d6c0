import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Target } from '../upload/intake-client.ts';
import { CommandError, isErrorCode } from './command-error.ts';

export const DEFAULT_URL = 'http://127.0.0.1:4000';

export const CONNECTION_ARGS = {
  url: {
    type: 'string',
    description: `Address of the Touchline (TOUCHLINE_URL, else ${DEFAULT_URL})`,
    valueHint: 'url',
  },
  token: {
    type: 'string',
    description: "Token (TOUCHLINE_TOKEN, TOUCHLINE_ADMIN_TOKEN, else the data folder's admin-token)",
    valueHint: 'token',
  },
} as const;

/** What every command takes that asks or steers a running Touchline. */
export const OPERATIONS_ARGS = {
  ...CONNECTION_ARGS,
  json: { type: 'boolean', description: 'Answer in JSON, without progress' },
} as const;

export const READ_MODEL_ARG = {
  name: { type: 'positional', description: 'Read model, e.g. timeline', required: true },
} as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** Options win over the environment, the environment over the data folder. */
export async function findTarget(
  options: { readonly url?: string | undefined; readonly token?: string | undefined },
  environment: Environment,
): Promise<Target> {
  const url = options.url ?? environment.TOUCHLINE_URL ?? DEFAULT_URL;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new CommandError('usage', `"${url}" is no address; it looks like ${DEFAULT_URL}`);
  }
  const given = options.token ?? environment.TOUCHLINE_TOKEN ?? environment.TOUCHLINE_ADMIN_TOKEN;
  return { url, token: given ?? (await storedToken(dataFolder(environment))) };
}

export function dataFolder(environment: Environment): string {
  return environment.TOUCHLINE_DATA ?? '.touchline';
}

async function storedToken(folder: string): Promise<string | undefined> {
  try {
    return (await readFile(join(folder, 'admin-token'), 'utf8')).trim();
  } catch (error) {
    // Not there, or not ours to read: the Touchline says whether it wants one.
    if (isErrorCode(error, 'ENOENT') || isErrorCode(error, 'EACCES')) return undefined;
    throw error;
  }
}
