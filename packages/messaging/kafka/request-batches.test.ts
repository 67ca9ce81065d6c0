import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOf, requestBatches } from './request-batches.ts';

const limits = { maxRequestMessages: 5, maxRequestBytes: 400 };
const messages = fc.array(
  fc.record({ key: fc.string({ maxLength: 5 }), value: fc.option(fc.string({ maxLength: 600 })) }),
);

test('batches hold every message once, in order, and none is larger than one request may be', () => {
  fc.assert(
    fc.property(messages, (given) => {
      const batches = [...requestBatches(given, limits)];
      expect(batches.flat()).toEqual(given);
      for (const batch of batches) {
        expect(batch.length).toBeGreaterThan(0);
        expect(batch.length).toBeLessThanOrEqual(limits.maxRequestMessages);
        const bytes = batch.reduce((sum, message) => sum + bytesOf(message), 0);
        // One that is too large for every request goes alone: the broker decides.
        if (batch.length > 1) expect(bytes).toBeLessThanOrEqual(limits.maxRequestBytes);
      }
    }),
  );
});
