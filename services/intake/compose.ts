import { openBacking } from '@touchline/backing';
import { type ProcessContext, systemClock } from '@touchline/service-kit';
import { intake } from './intake-service.ts';

export async function composeIntake({ config, masterKey }: ProcessContext) {
  const { journal, keyRing, catalogue, close } = await openBacking({ ...config, masterKey });
  return {
    services: [{ service: intake, backing: { journal, keyRing, catalogue, clock: systemClock } }],
    close,
  } as const;
}
