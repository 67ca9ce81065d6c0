export * from './compose.ts';
export * from './data-folder.ts';
