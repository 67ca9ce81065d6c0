import { curlCommand, withOffset } from '../facts/first-touchpoint.js';
import { language, t } from '../words/language.js';
import { element } from './element.js';

const COPIED_MS = 2_000;

/** How to record a touchpoint, as a command to paste. */
export function firstTouchpointGuide() {
  const command = curlCommand(location.origin, withOffset(new Date()), language());
  return element(
    'div',
    { class: 'guide' },
    element('pre', { tabindex: 0 }, element('code', {}, command)),
    copyButton(command),
    element('p', { class: 'quiet' }, t('tokenHint')),
  );
}

/** Browsers only let pages copy on this machine or over TLS. */
function copyButton(text) {
  if (!navigator.clipboard) return undefined;
  const button = element(
    'button',
    {
      type: 'button',
      class: 'copy',
      onclick: async () => {
        await navigator.clipboard.writeText(text);
        button.textContent = t('copied');
        setTimeout(() => {
          button.textContent = t('copy');
        }, COPIED_MS);
      },
    },
    t('copy'),
  );
  return button;
}
