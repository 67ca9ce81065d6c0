/** Key ids are the row numbers in base 36: four characters for the first 1.6 million keys. */
export function keyIdOfNumber(number: number): string {
  return number.toString(36);
}

/** Nothing for an id that this adapter never gives. */
export function numberOfKeyId(id: string): number | undefined {
  return /^[1-9a-z][0-9a-z]{0,9}$/.test(id) ? Number.parseInt(id, 36) : undefined;
}

/** What a wrapped secret is bound to: moved to another row or subject, it does not open. */
export function purposeOf(number: number, subject: string): string {
  return `key ${number} of ${subject}`;
}
