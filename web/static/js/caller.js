// Booking for a caller: concerns and times follow what is typed, Enter goes on, and nothing typed is ever lost.
import { ready } from './ready.js';
import { fetchPage, swap } from './swap.js';

const STORED = 'stadttermin.caller';
const TYPING_PAUSE_MS = 200;
const PARTS = ['anliegen', 'zeiten', 'hinweise'];

let pause;
let isBooking = false;
// Questions go out one after the other: each is asked with what the answer before it has put into the form.
let asking = Promise.resolve();
// The parts that the next question is about, as long as it has not gone out.
let due = null;

if (document.querySelector('[data-booked]')) sessionStorage.removeItem(STORED);
if (page()) {
  document.addEventListener('input', onInput);
  document.addEventListener('change', onChange);
  document.addEventListener('keydown', onKey);
  document.addEventListener('submit', onSubmit);
  document.addEventListener('click', onClick);
  ready();
  inTurn(restore);
}

function page() { return document.querySelector('[data-caller]'); }
function form() { return document.getElementById('neu'); }
function field(id) { return document.getElementById(id); }

function fields(submitter) {
  return new URLSearchParams(new FormData(form(), submitter));
}

/** What the parts of the page show again as it was asked. */
function chosen() {
  const it = fields();
  for (const name of ['q', 'name', 'tel', 'mail', 'notiz']) it.delete(name);
  return it.toString();
}

function onInput(event) {
  if (event.target.form !== form()) return;
  keep();
  if (event.target.id !== 'q') return;
  clearTimeout(pause);
  pause = setTimeout(() => look(['anliegen']), TYPING_PAUSE_MS);
}

function onChange(event) {
  const it = event.target;
  if (it.form !== form()) return;
  keep();
  if (['anliegen', 'art'].includes(it.name) || it.type === 'number' || it.id === 'standort' || it.id === 'tag') look();
  if (it.id === 'um') look(['zeiten', 'hinweise']);
  // The times of one appointment decide what is offered for the next.
  if (isTime(it) && nextTimes(it)) look(['zeiten', 'hinweise']);
  else if (it.id === 'mail' || isTime(it)) look(['hinweise']);
}

async function onKey(event) {
  if (event.key !== 'Enter' || event.isComposing || event.target.form !== form()) return;
  const it = event.target;
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    form().requestSubmit(field('buchen'));
  } else if (it.id === 'q') {
    event.preventDefault();
    if (it.value.trim()) {
      await take();
    } else {
      // Quick hands are there before the times are.
      await asking;
      toTimes();
    }
  } else if (it.id === 'tag') {
    event.preventDefault();
    if (await look()) toTimes();
  } else if (isTime(it)) {
    event.preventDefault();
    const next = nextTimes(it);
    // Its times may be on their way.
    if (next) await asking;
    (next ? ticked(next) : field('name')).focus();
  } else if (['anliegen', 'art'].includes(it.name) || it.type === 'number') {
    event.preventDefault();
    if (it.type === 'checkbox') {
      it.click();
    } else {
      await asking;
      toTimes();
    }
  } else if (it.matches('input')) {
    event.preventDefault();
    form().requestSubmit(field('buchen'));
  }
}

/** Takes the concern that fits best; the field is free for the next one at once. */
function take() {
  clearTimeout(pause);
  const word = field('q').value;
  field('q').value = '';
  return inTurn(() => takeWord(word));
}

async function takeWord(word) {
  const ask = () => {
    const asked = fields(field('nimm'));
    asked.set('q', word);
    return asked;
  };
  const isThere = await exchange(ask, PARTS);
  // Beside what has been typed since.
  if (!isThere) field('q').value = [word, field('q').value].filter(Boolean).join(' ');
  keep();
  return isThere;
}

function toTimes() {
  ticked('zeit').focus();
}

function isTime(it) {
  return it.name === 'zeit' || it.name.startsWith('zeit-');
}

/** The name of the times of the appointment that comes after that of `it`, if there is one. */
function nextTimes(it) {
  const name = `zeit-${Number(it.name.split('-')[1] ?? 1) + 1}`;
  return form().querySelector(`[name="${name}"]`) ? name : null;
}

function ticked(name) {
  return form().querySelector(`[name="${name}"]:checked`) ?? field('tag');
}

/** Asks for the page with what is typed by then, and exchanges `parts` of it. */
function look(parts = PARTS) {
  if (due) {
    parts.forEach((part) => due.add(part));
    return asking;
  }
  due = new Set(parts);
  return inTurn(() => {
    const now = [...due];
    due = null;
    return exchange(fields, now);
  });
}

/** Does `work` after what was begun before it. */
function inTurn(work) {
  asking = asking.then(work, work);
  return asking;
}

/** Exchanges `parts`. What is ticked while the answer is on its way outgrows it: then it is asked once more. */
async function exchange(ask, parts) {
  try {
    let answer;
    let before;
    do {
      before = chosen();
      answer = await fetchPage(page().dataset.caller, { method: 'POST', body: ask() });
    } while (answer?.isOk && chosen() !== before);
    const isThere = Boolean(answer?.isOk && swap(answer.page, parts));
    say(isThere ? null : reason(answer));
    keep();
    return isThere;
  } catch (error) {
    if (error.name !== 'AbortError') say('lost');
    return false;
  }
}

function onSubmit(event) {
  if (event.target !== form()) return;
  event.preventDefault();
  clearTimeout(pause);
  if (event.submitter?.id === 'nimm') take();
  else if (event.submitter?.id === 'zeigen') look();
  else book(event.submitter);
}

/** Sends the form. The number of the attempt stands in it: sent again after a lost answer, it is the same booking. */
function book(submitter) {
  if (isBooking) return;
  isBooking = true;
  form().setAttribute('aria-busy', 'true');
  // A concern may be on its way into the form.
  inTurn(() => send(submitter));
}

async function send(submitter) {
  keep();
  try {
    const answer = await fetchPage(form().action, { method: 'POST', body: fields(submitter) });
    if (answer?.isOk && answer.page.querySelector('[data-booked]')) {
      sessionStorage.removeItem(STORED);
      location.assign(answer.url);
      return;
    }
    if (answer && swap(answer.page, ['neu'])) {
      ready();
      (field('konflikt') ?? field('fehler'))?.focus();
    } else {
      say(reason(answer));
    }
  } catch {
    say('lost');
  } finally {
    isBooking = false;
    form()?.removeAttribute('aria-busy');
  }
}

/** Why an answer is not the page: only the sign-in says that the session is over. */
function reason(answer) {
  return answer?.status === 401 ? 'signed-out' : 'failed';
}

/** Says why nothing comes back; null: it does. */
function say(what) {
  const box = field('netz');
  box.hidden = !what;
  for (const part of box.children) part.hidden = !what || !part.hasAttribute(`data-${what}`);
}

/** Keeps what is typed in this tab until it is booked, for the colleague who typed it. */
function keep() {
  const typed = fields();
  const isEmpty = ['q', 'anliegen', 'name', 'tel', 'mail', 'notiz'].every((name) => !typed.get(name));
  if (isEmpty) sessionStorage.removeItem(STORED);
  else sessionStorage.setItem(STORED, JSON.stringify({ owner: page().dataset.owner, typed: typed.toString() }));
}

async function restore() {
  const stored = JSON.parse(sessionStorage.getItem(STORED) ?? 'null');
  // Somebody else sits here now: it is none of theirs.
  if (stored && stored.owner !== page().dataset.owner) sessionStorage.removeItem(STORED);
  if (!stored || stored.owner !== page().dataset.owner || form().querySelector('[name="anliegen"]')) return;
  try {
    const answer = await fetchPage(page().dataset.caller, { method: 'POST', body: new URLSearchParams(stored.typed) });
    if (!answer?.isOk || !swap(answer.page, ['neu'])) return;
    ready();
    field('wieder').hidden = false;
    field('q').focus();
  } catch (error) {
    if (error.name !== 'AbortError') say('lost');
  }
}

function onClick(event) {
  if (event.target.closest?.('[data-fresh]')) sessionStorage.removeItem(STORED);
}
