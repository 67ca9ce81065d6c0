import type { RecordedTouchpoint } from '@touchline/journal';
import type { Message } from '@touchline/messaging';
import { type ContentMode, touchpointMessage } from './cloud-event.ts';
import { erasureNotices, erasureOf, isErasure } from './erasure.ts';

/** What the topic of touchpoints is told of one: an erasure first ends what its data subjects said before, then stands itself. */
export function touchpointMessages(recorded: RecordedTouchpoint, mode: ContentMode): readonly Message[] {
  const { position, eventid, subject, touchpoint } = recorded;
  const { type, data } = touchpoint;
  const message = touchpointMessage(recorded, mode);
  if (!isErasure(type)) return [message];
  const erasure = erasureOf({ position, eventid, subject, data });
  return [...erasureNotices(erasure), message];
}
