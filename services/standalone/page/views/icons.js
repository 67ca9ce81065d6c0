/** Drawn on a square of 16 with lines of 1.3. */
const PATHS = {
  phone:
    'M4.6 2.2 6.2 5.4 4.9 6.7a8.2 8.2 0 0 0 4.4 4.4l1.3-1.3 3.2 1.6v1.7a1.3 1.3 0 0 1-1.4 1.3A11.2 11.2 0 0 1 1.6 3.6 1.3 1.3 0 0 1 2.9 2.2z',
  email:
    'M2.9 3.5h10.2a1.2 1.2 0 0 1 1.2 1.2v6.6a1.2 1.2 0 0 1-1.2 1.2H2.9a1.2 1.2 0 0 1-1.2-1.2V4.7a1.2 1.2 0 0 1 1.2-1.2zM2.2 4.6 8 9l5.8-4.4',
  chat: 'M3.2 2.8h9.6a1.4 1.4 0 0 1 1.4 1.4v5a1.4 1.4 0 0 1-1.4 1.4H7.6l-3 2.6v-2.6H3.2a1.4 1.4 0 0 1-1.4-1.4v-5a1.4 1.4 0 0 1 1.4-1.4z',
  sms: 'M5 1.6h6a1.2 1.2 0 0 1 1.2 1.2v10.4a1.2 1.2 0 0 1-1.2 1.2H5a1.2 1.2 0 0 1-1.2-1.2V2.8A1.2 1.2 0 0 1 5 1.6zM6.2 4.8h3.6M6.2 7.2h3.6M7.4 12.2h1.2',
  wechat:
    'M10.5 6.1C10.2 4.1 8.4 2.6 6.2 2.6c-2.5 0-4.5 1.8-4.5 4 0 1.2.6 2.3 1.6 3.1l-.4 1.7 1.9-.9h.6M10.2 6.4c2.3 0 4.1 1.5 4.1 3.5 0 1.1-.5 2-1.3 2.7l.3 1.4-1.6-.8c-.5.1-1 .2-1.5.2-2.3 0-4.1-1.5-4.1-3.5s1.8-3.5 4.1-3.5z',
  fax: 'M4.6 5.8V1.9h6.8v3.9M4.4 11.6H2V5.8h12v5.8h-2.4M4.4 9.2h7.2v4.9H4.4z',
  letter: 'M3.6 1.7h5.8l3 3v9.6H3.6zM9.2 1.9v3h3M5.9 8h4.2M5.9 10.7h4.2',
  web: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8zM1.9 8h12.2M8 1.8c1.8 2 2.5 4 2.5 6.2S9.8 12.2 8 14.2C6.2 12.2 5.5 10.2 5.5 8S6.2 3.8 8 1.8z',
  app: 'M2.4 2.4h4.2v4.2H2.4zM9.4 2.4h4.2v4.2H9.4zM2.4 9.4h4.2v4.2H2.4zM9.4 9.4h4.2v4.2H9.4z',
  store:
    'M1.9 6.2 3.2 2.4h9.6l1.3 3.8M1.9 6.2a2 2 0 0 0 4 0 2 2 0 0 0 4.1 0 2 2 0 0 0 4.1 0M3 8.2v5.6h10V8.2M6.5 13.8v-3.3h3v3.3',
  'on-site':
    'M8 14.4s4.7-4.3 4.7-7.9a4.7 4.7 0 0 0-9.4 0c0 3.6 4.7 7.9 4.7 7.9zM8 8.2a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4z',
  partner:
    'M6.2 11.4a4.2 4.2 0 1 0 0-8.4 4.2 4.2 0 0 0 0 8.4zM9.8 13a4.2 4.2 0 1 0 0-8.4 4.2 4.2 0 0 0 0 8.4z',
  party: 'M8 7.6a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM2.6 14c.3-2.7 2.5-4.4 5.4-4.4s5.1 1.7 5.4 4.4',
  record: 'M10.6 2.7 13.3 5.4 5.6 13.1l-3.5.8.8-3.5zM8.9 4.4l2.7 2.7',
  search: 'M7 12a5 5 0 1 0 0-10 5 5 0 0 0 0 10zM10.7 10.7 14.2 14.2',
  other: 'M8 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z',
};
const SVG = 'http://www.w3.org/2000/svg';

/** A small picture beside words that say the same; readers of the screen do not hear it. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', PATHS[name] ?? PATHS.other);
  svg.append(path);
  return svg;
}

/** By what happened where that says more than the way it came. */
export function entryIcon(entry, group) {
  return icon(group === 'party' || group === 'record' ? group : entry.channel);
}
