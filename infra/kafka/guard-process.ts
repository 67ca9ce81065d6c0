import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/**
 * Ends `child`, and removes `folder`, when this process ends without having done so: however that happens, our end of the
 * pipe closes. Kill the guard once the child is gone.
 */
export function guardProcess(child: ChildProcess, folder?: string): ChildProcess | undefined {
  if (process.platform === 'win32' || child.pid === undefined) return undefined;
  const script = 'cat >/dev/null; kill -KILL "$1"; [ -z "$2" ] || { sleep 1; rm -rf "$2"; }';
  const guard = spawn('sh', ['-c', script, 'guard', String(child.pid), folder ?? ''], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.unref();
  (guard.stdin as Socket | null)?.unref();
  return guard;
}
