import { createRequire } from 'node:module';

/** The gRPC library that the client itself speaks with, as far as a scripted server needs it. */
interface GrpcLibrary {
  readonly Server: new (options?: object) => GrpcServer;
  readonly ServerCredentials: { createInsecure(): unknown };
  readonly Metadata: new () => GrpcMetadata;
}

export interface GrpcServer {
  addService(service: object, handlers: object): void;
  bindAsync(address: string, credentials: unknown, done: (error: Error | null, port: number) => void): void;
  forceShutdown(): void;
}

export interface GrpcMetadata {
  set(name: string, value: string): void;
  get(name: string): readonly unknown[];
}

export interface GrpcFailure {
  readonly code: number;
  readonly details: string;
  readonly metadata?: GrpcMetadata;
}

/** A call that the server answers with a stream of messages. */
export interface ServerStream<Request, Response> {
  readonly request: Request;
  readonly metadata: GrpcMetadata;
  readonly cancelled: boolean;
  readonly writableEnded: boolean;
  write(message: Response): boolean;
  end(): void;
  /** `error` ends the call with that status. */
  emit(event: string, error: Error): unknown;
  once(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
}

/** A call that brings a stream of messages and is answered once. */
export interface ClientStream<Request> extends AsyncIterable<Request> {
  readonly metadata: GrpcMetadata;
}

export type Reply<Response> = (failure: GrpcFailure | null, response?: Response) => void;

const ofClient = createRequire(import.meta.resolve('@eventstore/db-client'));

export const grpc = ofClient('@grpc/grpc-js') as GrpcLibrary;
