import { TypeOverrides } from 'pg';
import { fromStored } from './stored-text.ts';

/** OIDs of `pg_type`, which never change. */
export const TEXT = 25;
export const BIGINT = 20;
const VARCHAR = 1043;
const NUMERIC = 1700;

/** How values come back. Integers are safe ones by declaration; sums and averages of them are as exact as a number is. */
export const types = new TypeOverrides();
types.setTypeParser(BIGINT, Number);
types.setTypeParser(NUMERIC, Number);
types.setTypeParser(TEXT, fromStored);
types.setTypeParser(VARCHAR, fromStored);
