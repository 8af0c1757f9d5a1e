// Fetches a page of ours and exchanges the marked regions of this one.

// The only place where text becomes a document: it is our own page, parsed without running anything in it.
const policy = window.trustedTypes?.createPolicy('stadttermin', { createHTML: (html) => html });

let running = null;

// Whether a person has touched the page since we last asked for something.
let isTouched = false;
for (const touch of ['keydown', 'pointerdown']) {
  document.addEventListener(touch, () => { isTouched = true; }, { capture: true, passive: true });
}

/**
 * The page at `url` as a document; null if it is none of ours. Aborts what was asked for before. `byItself`: a timer asks,
 * which keeps no session going at a screen that nobody has touched since.
 */
export async function fetchPage(url, { byItself = false, ...options } = {}) {
  running?.abort();
  const own = new AbortController();
  running = own;
  const headers = { accept: 'text/html', ...(byItself && !isTouched && { 'x-by-itself': 'yes' }) };
  isTouched = false;
  const response = await fetch(url, { ...options, signal: own.signal, headers });
  const isPage = response.headers.get('content-type')?.startsWith('text/html');
  if (!isPage || new URL(response.url).origin !== location.origin) return null;
  const html = await response.text();
  const page = new DOMParser().parseFromString(policy ? policy.createHTML(html) : html, 'text/html');
  return { page, url: response.url, isOk: response.ok };
}

/**
 * Exchanges the regions `names` (default: all of this page) and says what they want said.
 * False, and nothing done, if a region is missing there.
 */
export function swap(page, names = allNames()) {
  const pairs = names.map((name) => [region(document, name), region(page, name)]);
  if (pairs.length === 0 || pairs.some(([old, fresh]) => !old || !fresh)) return false;
  const focused = document.activeElement?.id;
  const news = pairs.map(([, fresh]) => fresh.querySelector('[data-announce]')?.textContent.trim()).find(Boolean);
  for (const [old, fresh] of pairs) old.replaceWith(document.adoptNode(fresh));
  if (focused && document.activeElement?.id !== focused) {
    document.getElementById(focused)?.focus({ preventScroll: true });
  }
  announce(news);
  document.dispatchEvent(new CustomEvent('stadttermin:swapped'));
  return true;
}

/** Says `text` to screen readers, without moving the focus. */
export function announce(text) {
  const place = document.getElementById('ansage');
  if (!place || !text) return;
  place.textContent = '';
  // A change right after emptying is not noticed by some screen readers.
  setTimeout(() => { place.textContent = text; }, 100);
}

function allNames() {
  return [...document.querySelectorAll('[data-swap]')].map((it) => it.dataset.swap);
}

function region(root, name) {
  return root.querySelector(`[data-swap="${CSS.escape(name)}"]`);
}
