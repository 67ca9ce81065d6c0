/** A touchpoint that is right, but for what `more` changes. */
export function note(id: string, more: object = {}): Record<string, unknown> {
  return {
    specversion: '1.0',
    id,
    source: '/e2e',
    type: 'touchline.note.added.v1',
    time: '2026-03-01T10:00:00+08:00',
    department: 'service',
    subject: 'account:shop:e2e',
    data: { description: 'called back' },
    ...more,
  };
}

/** The same as JSON of exactly so many bytes, filled up by texts that are each as long as allowed. */
export function noteOfBytes(id: string, bytes: number): string {
  const empty = { description: 'x', a: '', b: '', c: '', d: '', e: '' };
  const missing = bytes - Buffer.byteLength(JSON.stringify(note(id, { data: empty })));
  const share = Math.floor(missing / 5);
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(share));
  return JSON.stringify(note(id, { data: { ...empty, a, b, c, d, e: 'e'.repeat(missing - 4 * share) } }));
}
