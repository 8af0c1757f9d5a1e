// The importer: says at once that a file is too large, and follows a job until it is done.
import { ready } from './ready.js';
import { fetchPage, swap } from './swap.js';

const ASK_EVERY_MS = 1000;

ready();
document.addEventListener('submit', onSubmit);
document.addEventListener('change', onChange);
if (running()) setTimeout(ask, ASK_EVERY_MS);

function running() { return document.querySelector('[data-poll]'); }

function onChange(event) {
  const form = event.target.form;
  if (event.target.type === 'file' && form?.matches('[data-upload]')) isTooLarge(form);
}

function onSubmit(event) {
  const form = event.target;
  if (!form.matches('[data-upload]')) return;
  if (isTooLarge(form)) {
    event.preventDefault();
    form.elements.datei.focus();
    return;
  }
  form.querySelector('[data-busy]').hidden = false;
}

/** Whether the chosen file is more than the server takes; then the page says so. */
function isTooLarge(form) {
  const file = form.elements.datei.files[0];
  const isTooMuch = Boolean(file && file.size > Number(form.dataset.mostBytes));
  document.getElementById('datei-zu-gross').hidden = !isTooMuch;
  if (isTooMuch) form.elements.datei.setAttribute('aria-invalid', 'true');
  else form.elements.datei.removeAttribute('aria-invalid');
  return isTooMuch;
}

/** Asks how far it is, and shows what follows when it is done. */
async function ask() {
  const place = running();
  if (!place) return;
  if (document.hidden) {
    setTimeout(ask, ASK_EVERY_MS);
    return;
  }
  try {
    const answer = await fetchPage(place.dataset.poll, { byItself: true });
    if (answer?.isOk && answer.page.querySelector('[data-swap="import"]')) {
      swap(answer.page, ['import']);
      ready();
      if (!running()) document.querySelector('main h1')?.scrollIntoView({ block: 'nearest' });
    } else if (answer?.status === 401 || answer?.status === 404) {
      // Signed out, or thrown away by a colleague.
      location.reload();
      return;
    }
  } catch {
    // The line is down for a moment: the next one asks again.
  }
  if (running()) setTimeout(ask, ASK_EVERY_MS);
}
