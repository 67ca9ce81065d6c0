import { type SubjectKey, seal } from '@touchline/vault';
import type { Draft } from './journal.ts';
import type { Room } from './room.ts';

export interface DraftFields extends Draft {
  readonly type: string;
  /** The data subject. */
  readonly subject: string;
  readonly fingerprint: string;
  /** The document of the log without what is to be sealed, in UTF-8. */
  readonly clear: Uint8Array;
  /** What is to be sealed, in UTF-8. */
  readonly personal: Uint8Array | undefined;
}

/** A touchpoint as the log will hold it, but for its seal: that waits for the key of the data subject. */
export class WrittenDraft implements DraftFields {
  readonly source: string;
  readonly id: string;
  readonly eventid: string;
  readonly type: string;
  readonly subject: string;
  readonly fingerprint: string;
  readonly clear: Uint8Array;
  readonly personal: Uint8Array | undefined;

  constructor(fields: DraftFields) {
    this.source = fields.source;
    this.id = fields.id;
    this.eventid = fields.eventid;
    this.type = fields.type;
    this.subject = fields.subject;
    this.fingerprint = fields.fingerprint;
    this.clear = fields.clear;
    this.personal = fields.personal;
  }

  /** The document with the personal part sealed under the key. */
  sealed(personal: Uint8Array, key: SubjectKey, room: Room): Uint8Array {
    const member = `,"s":"${seal(key, personal, this.eventid)}"}`;
    // The brace that closes the clear part gives way.
    const start = this.clear.length - 1;
    const document = room.take(start + member.length);
    document.set(this.clear);
    document.write(member, start, 'latin1');
    return document;
  }
}
