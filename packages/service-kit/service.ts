import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Registry } from 'prom-client';
import type { Principal } from './access.ts';

/** A Fastify instance whose route schemas are zod. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression<RawServerDefault>,
  RawReplyDefaultExpression<RawServerDefault>,
  FastifyBaseLogger,
  ZodTypeProvider
>;

declare module 'fastify' {
  interface FastifyInstance {
    /** Where services register their own metrics. */
    metrics: Registry;
    /** Aborted when the server begins to shut down: long answers should end. */
    shutdown: AbortSignal;
    /** Whether who was let in still may: long answers should end when not. */
    admits(principal: Principal | null): boolean;
  }
  interface FastifyRequest {
    /** Who is asking; `null` only on public routes. */
    principal: Principal | null;
  }
  interface FastifyContextConfig {
    /** `public` routes need no token. */
    access?: 'public';
    /** The route answers a page for browsers: it gets the full set of security headers. */
    page?: boolean;
    /** Media types the route answers; a request that accepts none of them is refused with 406. */
    produces?: readonly string[];
    /** Documented instead of `schema`, for routes that validate by themselves. */
    documentation?: RouteDocumentation;
  }
}

/** Zod schemas that describe a route in OpenAPI without running on its requests. */
export interface RouteDocumentation {
  /** By media type. */
  readonly body?: Readonly<Record<string, { schema: unknown; description?: string }>>;
  readonly querystring?: unknown;
  readonly headers?: unknown;
  /** By status. */
  readonly response?: Readonly<Record<string, unknown>>;
}

/** Something a service needs in order to work. */
export interface Check {
  readonly name: string;
  /** Rejects or throws while the thing is not usable. */
  check(): Promise<void> | void;
}

/**
 * A part of the system that speaks HTTP, as a value. Everything it works with comes in as its backing, which a
 * `compose.ts` builds; so one process can wear one service or all of them.
 */
export interface Service<Backing> {
  /** kebab-case; groups its routes in the API description. */
  readonly name: string;
  readonly title: string;
  /** Adds the routes to a scope of their own: content type parsers and hooks stay inside. */
  routes(app: App, backing: Backing): Promise<void> | void;
  /** What must work before the server counts as ready. */
  checks?(backing: Backing): readonly Check[];
  /** Requests per address; without it there is no limit. */
  readonly rateLimit?: { readonly maxRequests: number; readonly windowMs: number };
}

export function defineService<Backing>(definition: Service<Backing>): Service<Backing> {
  return Object.freeze(definition);
}

/** A service with what it works with. */
export interface Mounted<Backing> {
  readonly service: Service<Backing>;
  readonly backing: Backing;
}

/** A list of services, each with a backing of its own type. */
export type MountedServices<Backings extends readonly unknown[]> = {
  readonly [Index in keyof Backings]: Mounted<Backings[Index]>;
};
