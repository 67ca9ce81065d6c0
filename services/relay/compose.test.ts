import { createLogger, readConfig } from '@touchline/service-kit';
import { expect, test } from 'vitest';
import { composeRelay } from './compose.ts';

test('without a broker it does not start, and says what to set', async () => {
  const { config } = readConfig({ TOUCHLINE_DATA: '/nonexistent' });
  const logger = createLogger({ level: 'silent' });
  await expect(composeRelay({ config, logger, masterKey: undefined })).rejects.toMatchObject({
    code: 'invalid-config',
    message: expect.stringMatching(/^TOUCHLINE_KAFKA must be set, e\.g\. kafka:\/\//),
  });
});
