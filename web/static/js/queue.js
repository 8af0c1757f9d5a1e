// The queue: single keys beside the buttons, arrows through the lists, and a page that follows what others do.
import { ready } from './ready.js';
import { follow } from './sse.js';
import { fetchPage, swap } from './swap.js';

const STORED = 'stadttermin.keys';
// What waits grows older even if nothing happens.
const EVERY_MS = 60_000;

const box = document.querySelector('[data-keys]');
if (box) {
  box.checked = keysAreOn();
  box.addEventListener('change', () => {
    localStorage.setItem(STORED, box.checked ? 'on' : 'off');
    showKeys();
  });
}
document.addEventListener('keydown', onKey);
document.addEventListener('stadttermin:swapped', showKeys);
showKeys();
const queue = document.querySelector('[data-queue]');
if (queue) {
  // Where the stream is refused, one look tells why.
  follow(queue.dataset.queue, update, (isFollowing) => { if (!isFollowing) update(); });
  setInterval(update, EVERY_MS);
}

/** On unless switched off on this device (WCAG 2.1.4). */
function keysAreOn() {
  return localStorage.getItem(STORED) !== 'off';
}

/** A key stands on its button only while it works. */
function showKeys() {
  ready();
  for (const cap of document.querySelectorAll('[data-key] kbd')) cap.hidden = !keysAreOn();
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return;
  if (event.target.closest?.('input, select, textarea, [contenteditable], dialog')) return;
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    moveInList(event);
  } else if (keysAreOn() && !event.repeat && event.key.length === 1) {
    const target = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]:not([hidden])`);
    if (!target) return;
    event.preventDefault();
    target.click();
  }
}

/** From the button of one row to the first button of the next; into the first list from elsewhere. */
function moveInList(event) {
  const rows = [...document.querySelectorAll('[data-rows] > li')].filter((row) => row.querySelector('button, a'));
  if (rows.length === 0) return;
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  if (at < 0 && document.activeElement.matches('a, button, summary')) return;
  const next = rows[at + (event.key === 'ArrowDown' ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.querySelector('button, a').focus();
}

async function update() {
  // What somebody is choosing or about to press must not vanish under their hands.
  if (document.hidden || document.querySelector('[aria-busy="true"]')) return;
  try {
    const answer = await fetchPage(withoutNotice(), { byItself: true });
    const isDone = Boolean(answer?.isOk) && exchange(answer.page);
    say(isDone ? null : 'ended');
  } catch (error) {
    if (error.name !== 'AbortError') say('lost');
  }
}

/** The lists as they are now. Who had the focus on somebody who has left it stays in that list. */
function exchange(page) {
  const list = document.activeElement?.closest('[data-swap]')?.dataset.swap;
  const isDone = swap(page, ['numbers', 'current', 'waiting', 'parked', 'elsewhere', 'expected', 'ended']);
  if (isDone && list && document.activeElement === document.body) {
    const heading = document.querySelector(`[data-swap="${list}"]:not([hidden]) h2`) ?? document.getElementById('jetzt');
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
  return isDone;
}

/** Says why the lists grow old: the line is `lost`, or the session has `ended`; null: they do not. */
function say(what) {
  for (const part of document.querySelectorAll('[data-lost], [data-ended]')) {
    part.hidden = !what || !part.hasAttribute(`data-${what}`);
  }
}

function withoutNotice() {
  const url = new URL(location.href);
  url.searchParams.delete('meldung');
  url.searchParams.delete('ticket');
  return url;
}
