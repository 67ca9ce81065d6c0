/**
 * Does something now and again and again, `pauseMs` after it finished, while the page is looked at. Answers a function
 * that ends it. `task` gets a signal that aborts then.
 */
export function repeatWhileVisible(task, pauseMs) {
  const ending = new AbortController();
  let timer;
  let isRunning = false;

  const run = async () => {
    if (isRunning || document.hidden || ending.signal.aborted) return;
    isRunning = true;
    clearTimeout(timer);
    await task(ending.signal);
    isRunning = false;
    if (!ending.signal.aborted) timer = setTimeout(run, pauseMs);
  };

  document.addEventListener('visibilitychange', run, { signal: ending.signal });
  run();
  return () => {
    clearTimeout(timer);
    ending.abort();
  };
}
