import type { FieldError } from '../touchpoint.ts';
import { catalogue } from '../version-1.ts';

const now = Date.parse('2026-11-22T02:00:00Z');
export const options = { now, defaultRegion: 'CN' };

/** A valid event, written as a producer may write it: nothing is normalised yet. */
export const order = {
  specversion: '1.0',
  id: 'order-8891',
  source: '/shop/cn',
  type: 'touchline.order.placed.v1',
  time: '2026-11-22T09:30:00.250+08:00',
  subject: 'tel:138 0013 8000',
  department: 'sales',
  data: {
    customer: { identifiers: ['mailto:Li.Lei@Example.com', 'account:Shop:1001'], name: 'Li Lei' },
    about: ['Order:Shop:8891'],
    order: '8891',
    amount: { amount: '420.00', currency: 'CNY' },
  },
};

const { subject: _, ...anonymous } = order;
/** The same event of nobody. */
export const nobody = anonymous;

export const withData = (data: object) => ({ ...order, data: { ...order.data, ...data } });

export function errorsOf(input: unknown): readonly FieldError[] {
  const result = catalogue.parse(input, options);
  return result.ok ? [] : result.errors;
}

export function errorAt(input: unknown, pointer: string): FieldError | undefined {
  return errorsOf(input).find((error) => error.pointer === pointer);
}
