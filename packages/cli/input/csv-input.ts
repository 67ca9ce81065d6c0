import { Readable } from 'node:stream';
import { type CsvError, type Info, parse } from 'csv-parse';
import { CommandError } from '../commands/command-error.ts';
import type { Line } from '../mapping/compiled.ts';
import type { Flaw } from './flaw.ts';

const MAX_RECORD_CHARACTERS = 1024 * 1024;
const UNREADABLE = '\uFFFD';

export interface CsvOptions {
  readonly delimiter?: string | undefined;
  readonly quote?: string | undefined;
  readonly encoding?: string | undefined;
  readonly columns?: readonly string[] | undefined;
}

export interface CsvInput {
  readonly columns: readonly string[];
  /** Every line after the header, in order; each once, as a line or as a flaw. */
  readonly lines: AsyncIterable<Line | Flaw>;
}

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: Info;
}

/** Reads CSV (RFC 4180; any delimiter, quote and encoding). Throws `CommandError` when there is no usable header. */
export async function openCsv(
  chunks: AsyncIterable<Buffer>,
  path: string,
  options: CsvOptions = {},
): Promise<CsvInput> {
  const flaws: Flaw[] = [];
  const reader = { lastLine: 0 };
  const records = parseRecords(chunks, options, flaws);
  const columns = options.columns ?? (await readHeader(records, reader, path, flaws));
  return { columns, lines: readLines(records, columns, reader, flaws) };
}

/** The parser runs ahead of whoever reads its records; what it cannot read it puts into `flaws`. */
function parseRecords(
  chunks: AsyncIterable<Buffer>,
  { delimiter = ',', quote = '"', encoding = 'utf-8' }: CsvOptions,
  flaws: Flaw[],
): AsyncIterator<CsvRecord> {
  let lastLine = 0;
  let lastFlaw = 0;
  const parser = parse({
    delimiter,
    quote,
    info: true,
    skip_empty_lines: true,
    relax_column_count: true,
    // A quote that is neither doubled nor at the end of its field stands for itself. Refusing it instead makes
    // csv-parse lose every line up to the next quote.
    relax_quotes: true,
    skip_records_with_error: true,
    max_record_size: MAX_RECORD_CHARACTERS,
    on_record: (record, { lines }) => {
      lastLine = lines;
      return record;
    },
    on_skip: (error) => {
      // A record that is too long is complained about again for every piece of it.
      if (error === undefined || lastFlaw > lastLine) return undefined;
      lastFlaw = lastLine + 1;
      flaws.push({ lines: [lastFlaw], reasons: [flawText(error)] });
      return undefined;
    },
  });
  const text = Readable.from(decode(chunks, encoding));
  text.on('error', (error) => parser.destroy(error));
  return text.pipe(parser)[Symbol.asyncIterator]() as AsyncIterator<CsvRecord>;
}

/** Line ends become `\n`: csv-parse counts `\r\n` inside of quotes as two lines. */
async function* decode(chunks: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  let held = '';
  for await (const chunk of chunks) {
    const text = held + decoder.decode(chunk, { stream: true });
    held = text.endsWith('\r') ? '\r' : '';
    yield normaliseLineEnds(held === '' ? text : text.slice(0, -1));
  }
  yield normaliseLineEnds(held + decoder.decode());
}

function normaliseLineEnds(text: string): string {
  return text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text;
}

async function readHeader(
  records: AsyncIterator<CsvRecord>,
  reader: { lastLine: number },
  path: string,
  flaws: readonly Flaw[],
): Promise<readonly string[]> {
  const first = await records.next();
  if (first.done)
    throw new CommandError('failed', `${path} has no header line${flaws[0] ? `: ${flaws[0].reasons}` : ''}`);
  reader.lastLine = first.value.info.lines;
  const names = first.value.record.map((name) => name.trim());
  const repeated = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
  if (repeated !== undefined) throw new CommandError('failed', `${path} has two columns named "${repeated}"`);
  return names;
}

async function* readLines(
  records: AsyncIterator<CsvRecord>,
  columns: readonly string[],
  reader: { lastLine: number },
  flaws: Flaw[],
): AsyncGenerator<Line | Flaw> {
  for (;;) {
    const next = await records.next();
    const number = next.done ? Number.POSITIVE_INFINITY : reader.lastLine + 1;
    while (flaws[0] !== undefined && (flaws[0].lines[0] ?? 0) <= number) yield* flaws.splice(0, 1);
    if (next.done) return;
    reader.lastLine = next.value.info.lines;
    yield checkLine({ number, values: next.value.record }, columns);
  }
}

function checkLine(line: Line, columns: readonly string[]): Line | Flaw {
  const { number, values } = line;
  if (values.length !== columns.length) {
    const reason = `has ${values.length} fields where the header has ${columns.length}`;
    return { lines: [number], reasons: [reason], content: values };
  }
  if (values.some((value) => value.includes(UNREADABLE))) {
    return { lines: [number], reasons: ['is not text in the expected encoding'], content: values };
  }
  return line;
}

function flawText(error: CsvError): string {
  if (error.code === 'CSV_QUOTE_NOT_CLOSED')
    return 'opens a quote that is never closed; the rest of the file is lost in it';
  if (error.code === 'CSV_MAX_RECORD_SIZE') return `is longer than ${MAX_RECORD_CHARACTERS} characters`;
  return error.message;
}
