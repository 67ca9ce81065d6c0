export { ScriptedLog } from './scripted-log.ts';
export { ScriptedServer } from './scripted-server.ts';
