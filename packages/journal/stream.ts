const PREFIX = 'subject-';

/** The stream of a data subject. */
export function streamOf(subject: string): string {
  return PREFIX + subject;
}

/** The data subject of a stream. */
export function subjectOf(stream: string): string {
  return stream.startsWith(PREFIX) ? stream.slice(PREFIX.length) : stream;
}
