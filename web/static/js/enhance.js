// Links and GET forms inside [data-enhance] exchange the [data-swap] regions instead of loading the whole page.
import { fetchPage, swap } from './swap.js';

// What the address last stood for: a jump within the page must not fetch it anew.
let shown = location.pathname + location.search;

export function startEnhancing() {
  document.addEventListener('click', onClick);
  document.addEventListener('submit', onSubmit);
  window.addEventListener('popstate', onPopState);
}

function onClick(event) {
  const link = event.target.closest?.('a[href]');
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!link || !isPlain || event.defaultPrevented || !isEnhanced(link) || link.target || link.hasAttribute('download')) return;
  const url = new URL(link.href);
  const isSamePage = url.pathname === location.pathname && url.search === location.search;
  if (url.origin !== location.origin || (isSamePage && url.hash)) return;
  event.preventDefault();
  visit(url);
}

function onSubmit(event) {
  const form = event.target;
  const sender = event.submitter;
  const method = sender?.getAttribute('formmethod') ?? form.method;
  if (event.defaultPrevented || method.toLowerCase() !== 'get' || !isEnhanced(form)) return;
  if (sender?.hasAttribute('data-no-enhance')) return;
  const url = new URL(sender?.hasAttribute('formaction') ? sender.formAction : form.action);
  if (url.origin !== location.origin) return;
  event.preventDefault();
  url.search = new URLSearchParams(new FormData(form, sender)).toString();
  visit(url);
}

function isEnhanced(element) {
  return Boolean(element.closest('[data-enhance]')) && !element.closest('[data-no-enhance]');
}

async function visit(url) {
  if (!(await show(url))) {
    location.assign(url);
    return;
  }
  moveTo(url.hash);
}

/** Shows another state of this page; false if only a full load can. */
async function show(url, isNew = true) {
  document.documentElement.setAttribute('aria-busy', 'true');
  try {
    const answer = await fetchPage(url);
    if (!answer?.isOk || !swap(answer.page)) return false;
    document.title = answer.page.title;
    if (isNew) history.pushState({ enhanced: true }, '', new URL(answer.url).href.split('#')[0] + url.hash);
    shown = location.pathname + location.search;
    return true;
  } catch (error) {
    return error.name === 'AbortError'; // a later click has taken over
  } finally {
    document.documentElement.removeAttribute('aria-busy');
  }
}

function moveTo(hash) {
  const target = hash && document.getElementById(decodeURIComponent(hash.slice(1)));
  if (!target) return;
  target.focus({ preventScroll: true });
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  target.scrollIntoView({ behavior: calm ? 'auto' : 'smooth', block: 'nearest' });
}

async function onPopState() {
  if (location.pathname + location.search === shown || !document.querySelector('[data-enhance]')) return;
  if (!(await show(new URL(location.href), false))) location.reload();
}
