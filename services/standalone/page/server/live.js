import { ask } from './ask.js';

const RETRY_MS = 5_000;

/**
 * Follows a customer's timeline while the page is looked at. Browsers allow a server six connections for all tabs
 * together, so a hidden tab lets go of its own and takes it up again when it is shown.
 *
 * `onOpen` is called each time the stream begins (read what was missed then), `onEntry` with each entry, `onCustomer`
 * with the id when other identifiers make up the customer now, `onState` with `connecting`, `live`, `reconnecting` or
 * `paused`. Answers a function that ends it.
 */
export function followTimeline(customerid, { onOpen, onEntry, onCustomer, onState }) {
  const path = `/v1/customers/${encodeURIComponent(customerid)}/timeline/live`;
  let source;
  let retry;
  let hasEnded = false;

  const connect = () => {
    clearTimeout(retry);
    if (hasEnded || document.hidden) return;
    source?.close();
    onState(source === undefined ? 'connecting' : 'reconnecting');
    source = new EventSource(path);
    source.onopen = () => {
      onState('live');
      onOpen();
    };
    source.onerror = () => {
      onState('reconnecting');
      // The browser tries again by itself, except after a refusal.
      if (source.readyState === EventSource.CLOSED) retry = setTimeout(reconnect, RETRY_MS);
    };
    source.addEventListener('entry', ({ data }) => onEntry(JSON.parse(data)));
    source.addEventListener('customer', ({ data }) => onCustomer(JSON.parse(data).customerid));
  };
  /** An event source does not tell why it was refused: asking does, and leads to the sign-in page where that is why. */
  const reconnect = () => ask(`/v1/customers/${encodeURIComponent(customerid)}`).then(connect, connect);
  const pause = () => {
    clearTimeout(retry);
    source?.close();
    onState('paused');
  };
  const onVisibility = () => (document.hidden ? pause() : connect());

  document.addEventListener('visibilitychange', onVisibility);
  if (document.hidden) pause();
  else connect();
  return () => {
    hasEnded = true;
    document.removeEventListener('visibilitychange', onVisibility);
    clearTimeout(retry);
    source?.close();
  };
}
