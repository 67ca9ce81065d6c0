import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Preloaded (`node --import`), in worker threads too. What was compiled, and stripped of its types, is kept for the next
// start: that takes half as long then, and a process some forty megabytes less. Where nothing can be written, nothing is kept.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/touchline', import.meta.url)));
