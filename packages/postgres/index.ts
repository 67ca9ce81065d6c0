export { Connections, type ConnectionsOptions, prepared } from './connections.ts';
export { Place, type PlaceOptions } from './place.ts';
export { hasTable, makeTables } from './schema.ts';
export { type SessionLimits, sessionSettings } from './session-settings.ts';
