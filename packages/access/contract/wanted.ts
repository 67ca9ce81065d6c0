import type { NewToken } from '../token-store.ts';

export const NOW = Date.parse('2026-11-22T09:00:00Z');

/** A token of the administrator's, made now. */
export function wanted(name: string, rest: Partial<NewToken> = {}): NewToken {
  return { name, role: 'admin', scopes: ['*'], createdAt: NOW, createdBy: 'admin', ...rest };
}
