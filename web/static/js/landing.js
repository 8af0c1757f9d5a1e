// The page that comes after a form of the back office: the focus lands on what has come of it, not nowhere.
import { announce } from './swap.js';

const STORED = 'stadttermin.sent';

export function startLanding() {
  if (!document.body.matches('.staff')) return;
  document.addEventListener('submit', (event) => {
    // At a shared computer nothing of a caller is left behind for the next colleague.
    if (new URL(event.target.action).pathname.endsWith('/verwaltung/abmelden')) sessionStorage.clear();
    if (!event.defaultPrevented && event.target.method === 'post') sessionStorage.setItem(STORED, 'yes');
  });
  const isAnswer = sessionStorage.getItem(STORED) !== null;
  sessionStorage.removeItem(STORED);
  if (isAnswer) land();
}

/** Where the page says so, else on its heading; not where something has the focus already, or the address names it. */
function land() {
  // A browser may come to an autofocus only after us, and would then leave the focus where we have put it.
  if (document.querySelector('[autofocus]')) return;
  if (document.activeElement !== document.body || document.getElementById(location.hash.slice(1))) return;
  const place = document.querySelector('[data-landing]') ?? document.querySelector('main h1');
  if (!place) return;
  place.tabIndex = -1;
  place.focus();
  announce(document.querySelector('main [data-announce]')?.textContent.trim());
}
