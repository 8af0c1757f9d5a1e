// A list on paper: rows are kept without loading the page, and what could not be kept waits in this tab.
import { fetchPage, swap } from './swap.js';

const STORED = 'stadttermin.paper';
const FIELDS = ['tag', 'zeit', 'anliegen', 'name', 'telefon', 'email', 'notiz'];

let isKeeping = false;

document.addEventListener('submit', onSubmit);
document.addEventListener('input', onInput);
restore();

function page() { return document.querySelector('[data-paper]'); }
function form() { return document.getElementById('zeile'); }

async function onSubmit(event) {
  if (event.target !== form()) return;
  event.preventDefault();
  if (isKeeping) return;
  isKeeping = true;
  form().setAttribute('aria-busy', 'true');
  try {
    const sent = new URLSearchParams(new FormData(form(), event.submitter));
    const answer = await fetchPage(form().action, { method: 'POST', body: sent });
    if (answer && swap(answer.page, ['papier'])) {
      const isKept = answer.isOk;
      if (isKept) {
        sessionStorage.removeItem(STORED);
        history.replaceState(history.state, '', answer.url);
      }
      (document.getElementById('fehler') ?? document.querySelector('[data-focus]'))?.focus();
      showLast();
    } else {
      say(answer?.status === 401 ? 'signed-out' : 'failed');
    }
  } catch {
    say('lost');
  } finally {
    isKeeping = false;
    form()?.removeAttribute('aria-busy');
  }
}

/** The row above the one that is typed stays in sight. */
function showLast() {
  const box = document.querySelector('.paper-list .scroll');
  if (box) box.scrollTop = box.scrollHeight;
}

function onInput(event) {
  if (event.target.form !== form()) return;
  const typed = FIELDS.map((name) => [name, form().elements[name].value]);
  const { zeile, stand } = form().elements;
  const place = { owner: page().dataset.owner, list: page().dataset.paper, row: zeile.value, version: stand?.value };
  sessionStorage.setItem(STORED, JSON.stringify({ ...place, typed }));
}

/** Back after a lost line or a new sign-in: the row goes on where it was. */
function restore() {
  showLast();
  const stored = JSON.parse(sessionStorage.getItem(STORED) ?? 'null');
  if (!stored) return;
  const isOurs = stored.owner === page().dataset.owner;
  const { zeile, stand } = form().elements;
  // A new row is not the kept one that got its number meanwhile.
  const isSameKind = Boolean(stored.version) === Boolean(stand);
  const isHere = stored.list === page().dataset.paper && stored.row === zeile.value && isSameKind;
  if (!isOurs) sessionStorage.removeItem(STORED);
  // What the server says about a mistake is newer than what was kept.
  if (!isOurs || !isHere || document.getElementById('fehler')) return;
  for (const [name, value] of stored.typed) form().elements[name].value = value;
  // Typed over an older row: so the server can say that somebody has changed it meanwhile.
  if (stand) stand.value = stored.version;
}

/** Says why the row is not kept. */
function say(what) {
  const box = document.getElementById('netz');
  box.hidden = false;
  for (const part of box.querySelectorAll('p > span')) part.hidden = !part.hasAttribute(`data-${what}`);
}
