import { expect, test } from 'vitest';
import { processContext } from '../../test/support/process-context.ts';
import { composeRelay } from './compose.ts';

test('without a broker it does not start, and says what to set', async () => {
  const context = await processContext({ TOUCHLINE_DATA: '/nonexistent' });
  await expect(composeRelay(context)).rejects.toMatchObject({
    code: 'invalid-config',
    message: expect.stringMatching(/^TOUCHLINE_KAFKA must be set, e\.g\. kafka:\/\//),
  });
});
