/** CloudEvents as a shop, a telephone system and a mailer would send them, about 600 bytes each. Deterministic. */
export function eventAt(index: number, customers: number): object {
  const customer = (index * 7_919) % customers;
  const kind = index % 3;
  const common = {
    specversion: '1.0',
    id: `${index}`,
    time: new Date(START_MS + ((index * 104_729) % YEAR_SECONDS) * 1000).toISOString(),
    correlationid: `journey-${customer}`,
  };
  if (kind === 0) return { ...common, ...order(index, customer) };
  return { ...common, ...(kind === 1 ? call(index, customer) : mail(index, customer)) };
}

const START_MS = Date.parse('2025-11-01T00:00:00Z');
const YEAR_SECONDS = 31_000_000;

function order(index: number, customer: number): object {
  return {
    source: 'https://shop.example.cn',
    type: 'touchline.order.placed.v1',
    department: 'sales',
    subject: `account:shop:${customer}`,
    data: {
      customer: { name: `Customer ${customer}`, identifiers: [`mailto:c${customer}@example.cn`] },
      about: [`order:shop:${index}`],
      order: `order:shop:${index}`,
      amount: { amount: '63.00', currency: 'CNY' },
      items: [
        {
          sku: 'TEA-1',
          name: 'Green tea 绿茶 250 g',
          quantity: 2,
          amount: { amount: '42.00', currency: 'CNY' },
        },
        { sku: 'CUP-7', name: 'Cup 茶杯', quantity: 1, amount: { amount: '21.00', currency: 'CNY' } },
      ],
      description: 'Please deliver after six, ring twice 请六点后送货',
    },
  };
}

function call(index: number, customer: number): object {
  return {
    source: '/pbx/hangzhou',
    type: 'touchline.call.completed.v1',
    department: 'service',
    subject: `tel:+861390${String(customer).padStart(7, '0')}`,
    data: {
      customer: { identifiers: [`account:shop:${customer}`] },
      direction: 'inbound',
      agent: { id: 'a-17', name: 'Han Meimei' },
      reason: 'delivery.late',
      durationSeconds: 180 + (index % 240),
      description: `Asked where order ${index} is; promised a call back before noon 询问订单进度,承诺中午前回电`,
      about: [`order:shop:${index - 1}`],
      sentiment: { value: -0.3, by: 'agent' },
    },
  };
}

function mail(index: number, customer: number): object {
  return {
    source: 'https://mailer.example.cn',
    type: 'touchline.email.received.v1',
    department: 'marketing',
    subject: `mailto:c${customer}@example.cn`,
    data: {
      direction: 'inbound',
      reason: 'quote.request',
      description: `Could you send a quote for forty boxes by Friday? Our reference is ${index}. 请在周五前发来四十箱的报价单。Thank you and best regards from the whole team.`,
      stage: 'pre-sale',
      about: [`quote:crm:Q-${index}`],
    },
  };
}

export function* linesOf(from: number, count: number, customers: number): Iterable<string> {
  for (let index = from; index < from + count; index++)
    yield `${JSON.stringify(eventAt(index, customers))}\n`;
}
