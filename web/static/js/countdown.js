// Step 3: how long the place is still held, with a warning in time and an extension that loses nothing typed.
import { announce, fetchPage, swap } from './swap.js';

const MINUTE_MS = 60_000;
let current = null;
let ticking;
let offset = 0;
let said = new Set();

export function startCountdown() {
  document.addEventListener('stadttermin:swapped', begin);
  document.addEventListener('click', onClick);
  begin();
}

function begin() {
  const hold = document.querySelector('[data-hold][data-until]');
  // Other regions were exchanged: what the page said of the time is as old as it was.
  if (hold === current) return;
  current = hold;
  clearInterval(ticking);
  if (!hold) return;
  // The citizen's clock may be wrong; ours counts.
  offset = Date.parse(hold.dataset.now) - Date.now();
  said = new Set();
  ticking = setInterval(() => tick(hold), 1000);
  tick(hold);
}

function tick(hold) {
  const left = Date.parse(hold.dataset.until) - (Date.now() + offset);
  if (left <= 0) {
    expire(hold);
    return;
  }
  write(hold, Math.ceil(left / MINUTE_MS));
  if (left <= 2 * MINUTE_MS) once(2, () => warn(hold));
  if (left <= MINUTE_MS) once(1, () => announce(hold.getAttribute('data-say-1')));
}

function once(minutes, action) {
  if (said.has(minutes)) return;
  said.add(minutes);
  action();
}

function write(hold, minutes) {
  const { leftOne, leftOther } = hold.dataset;
  const text = minutes === 1 ? leftOne : leftOther?.replace('{n}', minutes);
  for (const place of hold.querySelectorAll('[data-hold-left]')) {
    if (text && place.textContent !== text) place.textContent = text;
  }
}

function warn(hold) {
  announce(hold.getAttribute('data-say-2'));
  const dialog = hold.querySelector('dialog[data-hold-dialog]');
  if (dialog && !dialog.open) dialog.showModal();
}

function expire(hold) {
  clearInterval(ticking);
  const dialog = hold.querySelector('dialog[data-hold-dialog]');
  if (dialog?.open) dialog.close();
  for (const place of hold.querySelectorAll('[data-hold-left]')) place.textContent = hold.dataset.leftNone ?? '';
  for (const part of hold.querySelectorAll('[data-hold-running]')) part.hidden = true;
  for (const part of hold.querySelectorAll('[data-hold-expired]')) part.hidden = false;
}

function onClick(event) {
  const closer = event.target.closest?.('[data-dialog-close]');
  if (closer) closer.closest('dialog')?.close();
  const button = event.target.closest?.('[data-hold-extend]');
  if (!button?.form) return;
  event.preventDefault();
  extend(button);
}

async function extend(button) {
  const form = button.form;
  const url = button.hasAttribute('formaction') ? button.formAction : form.action;
  const body = new URLSearchParams(new FormData(form, button));
  try {
    const answer = await fetchPage(url, { method: 'POST', body });
    const dialog = button.closest('dialog');
    if (answer && dialog?.open) dialog.close();
    const bar = document.querySelector('[data-swap="hold-bar"]') ? ['hold-bar'] : [];
    if (answer && swap(answer.page, ['hold', ...bar])) {
      announce(document.querySelector('[data-hold] [data-hold-running]')?.textContent.trim());
      focusHold();
      return;
    }
  } catch (error) {
    if (error.name === 'AbortError') return;
  }
  form.requestSubmit(button); // the long way, with a page load
}

function focusHold() {
  const hold = document.querySelector('[data-hold]');
  if (!hold || document.activeElement !== document.body) return;
  hold.tabIndex = -1;
  hold.focus({ preventScroll: true });
}
