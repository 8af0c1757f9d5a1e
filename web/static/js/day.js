// The day: arrow keys from appointment to appointment, the panel without leaving the page, dragging, live updates.
import { startDragging, isDragging } from './drag.js';
import { ready } from './ready.js';
import { follow } from './sse.js';
import { fetchPage, swap } from './swap.js';

const MINUTE_MS = 60_000;
const day = document.querySelector('[data-day]');
const CARDS = '.appt > a, [data-list] tbody a';

// The card that is being opened: a refresh must not come in between and leave the one before in the panel.
let opening = null;
let isMissed = false;

if (day) {
  day.addEventListener('click', onClick);
  day.addEventListener('keydown', onKey);
  startDragging(day);
  follow(day.dataset.events, onVersion, showState);
  // The line of the present moment goes on, and whoever waits waits longer.
  setInterval(refresh, MINUTE_MS);
}

/** A card opens its panel here; the address follows, so that a reload shows the same. */
async function onClick(event) {
  const link = event.target.closest(CARDS);
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!link || !isPlain) return;
  event.preventDefault();
  opening = link.href;
  const isDone = await load(link.href);
  // Somebody was quicker with another card.
  if (opening !== link.href) return;
  opening = null;
  if (!isDone) {
    location.assign(link.href);
    return;
  }
  history.replaceState(null, '', link.href.split('#')[0]);
  document.getElementById('panel-h')?.focus();
  if (isMissed) refresh();
}

function onKey(event) {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const card = event.target.closest(CARDS);
  if (event.key === 'Escape' && event.target.closest('.panel-place')) {
    document.querySelector('a[aria-current="true"][id^="t-"]')?.focus();
  } else if (card) {
    const next = neighbour(card, event.key);
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }
}

/** Up and down within a counter, left and right to what is nearest in time at the next counter that has something. */
function neighbour(card, key) {
  const all = [...document.querySelectorAll(CARDS)];
  const at = all.indexOf(card);
  const own = card.getBoundingClientRect();
  const box = (it) => it.getBoundingClientRect();
  const column = (it) => it.closest('.appt')?.className.match(/\bc(\d+)\b/)?.[1] ?? '0';
  const isSameColumn = (it) => column(it) === column(card);
  switch (key) {
    case 'ArrowUp': return all.slice(0, at).reverse().find(isSameColumn);
    case 'ArrowDown': return all.slice(at + 1).find(isSameColumn);
    case 'Home': return all.find(isSameColumn);
    case 'End': return all.reverse().find(isSameColumn);
    case 'ArrowLeft':
    case 'ArrowRight': {
      const side = key === 'ArrowLeft' ? -1 : 1;
      const beside = all.filter((it) => (column(it) - column(card)) * side > 0);
      const nearest = Math.min(...beside.map((it) => Math.abs(column(it) - column(card))));
      const there = beside.filter((it) => Math.abs(column(it) - column(card)) === nearest);
      return there.sort((a, b) => Math.abs(box(a).top - own.top) - Math.abs(box(b).top - own.top))[0];
    }
    default: return undefined;
  }
}

function onVersion(version) {
  const known = document.querySelector('[data-swap="numbers"]')?.dataset.version;
  if (version === null || version !== known) refresh();
}

/** The day as it is now; where somebody drags or writes, it waits. */
async function refresh() {
  isMissed = Boolean(opening);
  if (opening || document.hidden || isDragging() || document.querySelector('[aria-busy="true"]')) return;
  const panes = [...document.querySelectorAll('.timetable, .panel-place')].map((it) => [it.scrollLeft, it.scrollTop]);
  await load(withoutNotice(), { byItself: true });
  document.querySelectorAll('.timetable, .panel-place').forEach((it, at) => it.scrollTo(...(panes[at] ?? [0, 0])));
}

async function load(url, options) {
  try {
    const answer = await fetchPage(url, options);
    const isDone = Boolean(answer?.isOk && swap(answer.page, ['numbers', 'board', 'panel']));
    ready();
    showState(isDone);
    return isDone;
  } catch (error) {
    if (error.name !== 'AbortError') showState(false);
    return error.name === 'AbortError'; // a later request has taken over
  }
}

function withoutNotice() {
  const url = new URL(location.href);
  url.searchParams.delete('meldung');
  url.hash = '';
  return url;
}

/** Signed out, or the line is down: the page says so, and leaves everything where it is. */
function showState(isFollowing) {
  const stale = document.querySelector('[data-stale]');
  if (stale) stale.hidden = isFollowing;
}
