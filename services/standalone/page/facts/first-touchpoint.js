/** A touchpoint to begin with. `time` is RFC 3339 with offset. */
export function firstTouchpoint(time, language) {
  const isChinese = language === 'zh';
  return {
    specversion: '1.0',
    id: 'call-1',
    source: '/my-first-source',
    type: 'touchline.call.completed.v1',
    time,
    subject: 'tel:+8613800138000',
    department: 'service',
    data: {
      direction: 'inbound',
      durationSeconds: 95,
      customer: { name: isChinese ? '李雷' : 'Li Lei' },
      description: isChinese ? '询问新冰箱什么时候送到。' : 'Asks when the new fridge will arrive.',
    },
  };
}

/** The command that records it, as it is pasted into a terminal. */
export function curlCommand(origin, time, language) {
  const body = JSON.stringify(firstTouchpoint(time, language), null, 2);
  return [
    `curl ${origin}/v1/events \\`,
    '  -H "Authorization: Bearer $TOKEN" \\',
    '  -H "Content-Type: application/cloudevents+json" \\',
    `  -d '${body}'`,
  ].join('\n');
}

/** A time with the offset of the clock it was read from: `2026-11-22T09:30:00+08:00`. */
export function withOffset(date) {
  const minutes = -date.getTimezoneOffset();
  const local = new Date(date.getTime() + minutes * 60_000).toISOString().slice(0, 19);
  const pad = (value) => String(Math.floor(Math.abs(value))).padStart(2, '0');
  return `${local}${minutes < 0 ? '-' : '+'}${pad(minutes / 60)}:${pad(minutes % 60)}`;
}
