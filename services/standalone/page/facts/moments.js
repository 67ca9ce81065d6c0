const UNITS = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** Times as a reader in one place reads them. `locale` as in `zh-CN`, `timeZone` as in `Asia/Shanghai`. */
export function momentsFor(locale, timeZone) {
  const format = (options) => new Intl.DateTimeFormat(locale, { timeZone, ...options });
  const clock = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const full = format({ dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });
  const minute = format({ dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' });
  const date = format({ dateStyle: 'medium' });
  const heading = format({ weekday: 'long', day: 'numeric', month: 'long' });
  const headingWithYear = format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  const parts = new Intl.DateTimeFormat('en', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  const ago = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const zone = format({ timeZoneName: 'shortOffset' });

  /** `2026-11-22`: the reader's day a time falls on. */
  const dayOf = (time) => {
    const part = Object.fromEntries(
      parts.formatToParts(new Date(time)).map(({ type, value }) => [type, value]),
    );
    return `${part.year.padStart(4, '0')}-${part.month}-${part.day}`;
  };

  return {
    dayOf,
    clock: (time) => clock.format(new Date(time)),
    full: (time) => full.format(new Date(time)),
    minute: (time) => minute.format(new Date(time)),
    date: (time) => date.format(new Date(time)),
    /** The heading of a day; the year only when it is not the present one. */
    heading: (time, now) =>
      (dayOf(time).slice(0, 4) === dayOf(now).slice(0, 4) ? heading : headingWithYear).format(new Date(time)),
    /** `today`, `yesterday` or nothing. */
    nearDay: (time, now) => {
      const days = Math.round((Date.parse(dayOf(now)) - Date.parse(dayOf(time))) / 86_400_000);
      return days === 0 ? 'today' : days === 1 ? 'yesterday' : undefined;
    },
    /** `5 minutes ago`; nothing below a minute. */
    ago: (time, now) => {
      const seconds = (Date.parse(time) - now) / 1000;
      const unit = UNITS.find(([, length]) => Math.abs(seconds) >= length);
      return unit && ago.format(Math.trunc(seconds / unit[1]), unit[0]);
    },
    /** `Asia/Shanghai (GMT+8)`. */
    zone: (now) => {
      const offset = zone.formatToParts(now).find(({ type }) => type === 'timeZoneName')?.value;
      return offset === undefined || offset === timeZone ? timeZone : `${timeZone} (${offset})`;
    },
  };
}

const DURATION_UNITS = {
  en: [' d', ' h', ' min', ' s'],
  zh: [' 天', ' 小时', ' 分', ' 秒'],
};

/** `3 min 20 s` / `3 分 20 秒`: the two largest units. */
export function durationText(seconds, language) {
  const whole = Math.round(seconds);
  const values = [
    Math.floor(whole / 86_400),
    Math.floor(whole / 3600) % 24,
    Math.floor(whole / 60) % 60,
    whole % 60,
  ];
  const first = Math.min(
    3,
    Math.max(
      0,
      values.findIndex((value) => value > 0),
    ),
  );
  if (whole === 0) return `0${DURATION_UNITS[language][3]}`;
  return values
    .slice(first, first + 2)
    .flatMap((value, place) => (value > 0 ? [`${value}${DURATION_UNITS[language][first + place]}`] : []))
    .join(' ');
}
