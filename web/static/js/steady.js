// Forms in which much is typed: where the line is down they say so, and everything stays where it is. Whether an answer that
// never came was a yes, nobody knows: the form carries the version that was seen, so that nothing is done twice.
import { fetchPage, swap } from './swap.js';

let isSending = false;

document.addEventListener('submit', onSubmit);

async function onSubmit(event) {
  const form = event.target;
  if (!form.matches('form[data-steady]') || event.defaultPrevented) return;
  event.preventDefault();
  if (isSending) return;
  isSending = true;
  const sender = event.submitter;
  const fields = new URLSearchParams(new FormData(form, sender));
  form.setAttribute('aria-busy', 'true');
  say(form, false);
  try {
    take(await send(form, fields), form, sender);
  } catch {
    say(form, true);
  } finally {
    isSending = false;
    form.removeAttribute('aria-busy');
  }
}

function send(form, fields) {
  if (form.method === 'post') return fetchPage(form.action, { method: 'POST', body: fields });
  const url = new URL(form.action);
  url.search = fields;
  return fetchPage(url);
}

function take(answer, form, sender) {
  if (answer?.isOk) {
    leave(new URL(answer.url));
  } else if (!answer || answer.status >= 500 || answer.status === 429) {
    say(form, true);
  } else if (swap(answer.page, [form.closest('[data-swap]')?.dataset.swap])) {
    document.title = answer.page.title;
    (document.getElementById('fehler') ?? document.querySelector('[data-focus]'))?.focus();
  } else {
    // The sign-in, most likely, which keeps what was sent: nothing was done, so it goes once more, as a page.
    if (sender?.name) form.append(Object.assign(document.createElement('input'), { type: 'hidden', name: sender.name, value: sender.value }));
    form.submit();
  }
}

/** On to the page that the answer named, and there to the appointment's card: an answer's address has lost that. */
function leave(url) {
  const chosen = url.searchParams.get('termin');
  if (chosen) url.hash = `t-${chosen}`;
  location.assign(url);
}

function say(form, isLost) {
  const place = form.querySelector('[data-lost]');
  if (place) place.hidden = !isLost;
}
