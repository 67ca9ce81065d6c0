const LAST_RELOAD = 'touchline.reloaded';
const RELOAD_PAUSE_MS = 10_000;

/** What the server refuses, as it said it; `unreachable` when it said nothing. */
export class ServerProblem extends Error {
  constructor({ code, title, detail, status, members = {} }) {
    super(detail ?? title ?? code);
    this.code = code;
    this.title = title;
    this.detail = detail;
    this.status = status;
    this.members = members;
  }
}

/** Asks for something to be done. Answers and throws as `ask`. */
export async function order(path, body) {
  const json = body && { body: JSON.stringify(body), type: 'application/json' };
  return (await ask(path, { method: 'POST', ...json })).body;
}

/**
 * Reads JSON. Redirects are followed; `url` of the answer tells where they led. Throws `ServerProblem`, or an
 * `AbortError` when the signal aborts.
 */
export async function ask(path, { signal, method = 'GET', body: sent, type } = {}) {
  let response;
  try {
    const headers = { accept: 'application/json', ...(type && { 'content-type': type }) };
    response = await fetch(path, { method, headers, body: sent, signal });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ServerProblem({ code: 'unreachable', status: 0 });
  }
  if (response.status === 401 && signInAgain()) return new Promise(() => {});
  const body = await readBody(response, signal);
  if (!response.ok) throw problemOf(response, body);
  return { body, path: new URL(response.url).pathname };
}

export async function askFor(path, options) {
  return (await ask(path, options)).body;
}

async function readBody(response, signal) {
  try {
    return await response.json();
  } catch (error) {
    if (signal?.aborted) throw error;
    if (response.ok) throw new ServerProblem({ code: 'unreadable', status: response.status });
    return {};
  }
}

function problemOf(response, { code, title, detail, ...members }) {
  return new ServerProblem({
    code: code ?? `http-${response.status}`,
    title: title ?? response.statusText,
    detail,
    status: response.status,
    members,
  });
}

/** The server shows its sign-in page in place of this one. Not twice in a row: a page that reloads for ever helps nobody. */
function signInAgain() {
  const now = Date.now();
  try {
    if (now - Number(sessionStorage.getItem(LAST_RELOAD)) < RELOAD_PAUSE_MS) return false;
    sessionStorage.setItem(LAST_RELOAD, String(now));
    sessionStorage.setItem(RETURN_TO, location.hash);
  } catch {
    return false; // without a memory it could not be told from the first time
  }
  location.reload();
  return true;
}

const RETURN_TO = 'touchline.return';

/** Signing in loses the place within the page; this is where the reader was, once. */
export function placeBeforeSignIn() {
  try {
    const place = sessionStorage.getItem(RETURN_TO);
    sessionStorage.removeItem(RETURN_TO);
    return place ?? '';
  } catch {
    return '';
  }
}
