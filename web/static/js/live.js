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
  keepTwinsEqual(field, form);
  if (form.dataset.live) update(form, form.dataset.live);
}

function onInput(event) {
  const field = event.target;
  if (!field.matches?.('input[data-search]') || !field.form?.dataset.liveUrl) return;
  clearTimeout(pause);
  pause = setTimeout(() => update(field.form, field.dataset.search), TYPING_PAUSE_MS);
}

/** What stands twice on the page (often chosen, and in its group) is one choice. */
function keepTwinsEqual(field, form) {
  for (const twin of form.elements) {
    if (twin === field || twin.name !== field.name || twin.type !== field.type) continue;
    if (field.type === 'checkbox' && twin.value === field.value) twin.checked = field.checked;
    if (field.tagName === 'SELECT') twin.value = field.value;
  }
}

async function update(form, names) {
  const url = new URL(form.dataset.liveUrl, location.href);
  // Twins would be counted twice, and what is empty says nothing.
  const filled = [...new FormData(form)].filter(([, value]) => value !== '');
  const once = new Set(filled.map((pair) => new URLSearchParams([pair]).toString()));
  url.search = [...once].join('&');
  try {
    const answer = await fetchPage(url);
    if (!answer?.isOk || !swap(answer.page, names.split(' '))) return;
    history.replaceState(history.state, '', url);
  } catch (error) {
    if (error.name !== 'AbortError') console.warn('live update failed', error);
  }
}
