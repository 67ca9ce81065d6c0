#!/usr/bin/env node
import { stopOnInterrupt } from './commands/interrupt.ts';
import { touchline } from './touchline.ts';

process.exitCode = await touchline(process.argv.slice(2), {
  environment: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  stop: stopOnInterrupt(),
});
