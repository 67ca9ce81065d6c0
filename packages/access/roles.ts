/** What a bearer of a role may do; `*` is everything. */
const SCOPES = { admin: ['*'] } as const satisfies Readonly<Record<string, readonly string[]>>;

export type Role = keyof typeof SCOPES;

/** Every role there is. */
export const ROLES: readonly Role[] = Object.keys(SCOPES) as Role[];

export function isRole(name: string): name is Role {
  return Object.hasOwn(SCOPES, name);
}

export function scopesOf(role: Role): readonly string[] {
  return SCOPES[role];
}
