export * from './compose.ts';
export * from './data-folder.ts';
export { DataFolderInUse } from './sqlite/folder-lock.ts';
