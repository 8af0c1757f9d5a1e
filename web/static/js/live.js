// Step 1: the summary follows each choice, the search follows each letter.
import { fetchPage, swap } from './swap.js';

const TYPING_PAUSE_MS = 250;
let pause;

export function startLive() {
  document.addEventListener('change', onChange);
  document.addEventListener('input', onInput);
}

function onChange(event) {
  const field = event.target;
  const form = field.form;
  if (!form?.dataset.liveUrl || !field.matches('input[type="checkbox"], input[type="radio"], select')) return;
  if (form.dataset.live) update(form, form.dataset.live);
}

function onInput(event) {
  const field = event.target;
  if (!field.matches?.('input[data-search]') || !field.form?.dataset.liveUrl) return;
  clearTimeout(pause);
  pause = setTimeout(() => update(field.form, field.dataset.search), TYPING_PAUSE_MS);
}

async function update(form, names) {
  // On its way to be sent: asking would call that back.
  if (form.hasAttribute('aria-busy')) return;
  const url = new URL(form.dataset.liveUrl, location.href);
  // What is empty says nothing; what is nobody's business stands in no address.
  const isOpen = ([name, value]) => value !== '' && !form.querySelector(`[data-private][name="${CSS.escape(name)}"]`);
  url.search = new URLSearchParams([...new FormData(form)].filter(isOpen));
  try {
    const answer = await fetchPage(url);
    if (!answer?.isOk || !swap(answer.page, names.split(' '))) return;
    history.replaceState(history.state, '', url);
    keepChoiceInLanguages(url);
  } catch (error) {
    if (error.name !== 'AbortError') console.warn('live update failed', error);
  }
}

/** The other language shows what is chosen now, not what was chosen when the page came. */
function keepChoiceInLanguages(url) {
  for (const link of document.querySelectorAll('.lang a')) {
    const there = new URL(url);
    there.searchParams.set('sprache', link.hreflang);
    link.href = there;
  }
}
