/** How long a service may go on after the shell is gone. */
const LOOK_MS = 500;

/**
 * npm runs a script in a shell, and hands SIGTERM on to that shell, which ends and tells nobody. So that stopping npm
 * stops what it started, a process that npm started takes the end of its parent for SIGTERM.
 */
export function endWithShell(): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const shell = process.ppid;
  const look = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(look);
    process.kill(process.pid, 'SIGTERM');
  }, LOOK_MS);
  look.unref();
}
