// Small things: focus on what needs attention, printing, no form sent twice.

export function startSmall() {
  for (const part of document.querySelectorAll('[data-print]')) part.hidden = false;
  document.querySelector('[data-focus]')?.focus();
  document.addEventListener('click', onClick);
  document.addEventListener('submit', onSubmit);
  window.addEventListener('pageshow', release);
}

function onClick(event) {
  if (event.target.closest?.('[data-print]')) window.print();
  const menu = document.querySelector('details.lang[open]');
  if (menu && !menu.contains(event.target)) menu.open = false;
}

const sent = new Set();

function onSubmit(event) {
  if (!event.target.matches('form[data-once]') || event.defaultPrevented) return;
  if (sent.has(event.target)) event.preventDefault();
  sent.add(event.target);
}

/** Coming back with the Back button, the form may be sent again. */
function release() {
  sent.clear();
}
