// Dragging a card to another counter or time. It sends the same form that the appointment's page has; whoever does not
// drag uses that one. Another time means a mail to the citizen: a slip of the hand is asked about first.

const ROW_MINUTES = 5;
const HEAD_ROWS = 2;
let dragged = null;

/** Whether a card is on its way: then the board must not be exchanged. */
export function isDragging() {
  return dragged !== null;
}

export function startDragging(day) {
  day.addEventListener('dragstart', (event) => {
    const card = event.target.closest('.appt[draggable="true"]');
    if (!card) return;
    const row = rowAt(event, card.closest('[data-timetable]'));
    dragged = { card, grip: row - first(card) };
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setData('text/plain', card.textContent.trim());
    card.classList.add('moving');
  });
  day.addEventListener('dragover', (event) => {
    const place = placeAt(event);
    if (!place) return;
    event.preventDefault();
    show(place);
  });
  day.addEventListener('drop', (event) => {
    const place = placeAt(event);
    if (!place) return;
    event.preventDefault();
    send(place);
  });
  day.querySelector('[data-drag-leave]')?.addEventListener('click', (event) => event.target.closest('dialog').close());
  day.addEventListener('dragend', () => {
    dragged?.card.classList.remove('moving');
    document.querySelector('.drop')?.remove();
    dragged = null;
  });
}

function first(card) {
  return Number(card.className.match(/\br(\d+)\b/)[1]);
}

/** The row of the grid under the pointer. */
function rowAt(event, timetable) {
  const tick = timetable.querySelector('.tick');
  const box = tick.getBoundingClientRect();
  return first(tick) + Math.floor((event.clientY - box.top) / box.height);
}

/** Counter and time under the pointer, where a card is being dragged over the timetable. */
function placeAt(event) {
  const timetable = dragged && event.target.closest('[data-timetable]');
  if (!timetable) return null;
  const head = [...timetable.querySelectorAll('.head')].find((it) => {
    const box = it.getBoundingClientRect();
    return box.left <= event.clientX && event.clientX < box.right;
  });
  const row = rowAt(event, timetable) - dragged.grip;
  if (!head || row < HEAD_ROWS) return null;
  return { timetable, column: head.className.match(/\bc(\d+)\b/)[1], row, counter: head.dataset.counter, time: timeOf(row, timetable) };
}

function timeOf(row, timetable) {
  const [hours, minutes] = timetable.dataset.begins.split(':').map(Number);
  const all = hours * 60 + minutes + (row - HEAD_ROWS) * ROW_MINUTES;
  const two = (number) => String(number).padStart(2, '0');
  return `${two(Math.floor(all / 60) % 24)}:${two(all % 60)}`;
}

function show({ timetable, column, row, time }) {
  let drop = timetable.querySelector('.drop');
  if (!drop) {
    drop = document.createElement('div');
    timetable.append(drop);
  }
  drop.className = `drop c${column} r${row} h${dragged.card.dataset.rows}`;
  drop.textContent = time;
}

function send({ timetable, column, counter, time }) {
  const form = document.querySelector('[data-drag-form]');
  if (!form) return;
  const { card } = dragged;
  form.action = `${form.getAttribute('action').replace(/\/[^/]*\/verschieben$/, '/')}${card.dataset.id}/verschieben`;
  form.elements.version.value = card.dataset.version;
  form.elements.schalter.value = counter;
  form.elements.uhrzeit.value = time;
  if (time === card.dataset.start) {
    form.submit();
    return;
  }
  const name = card.querySelector('b').textContent;
  const place = timetable.querySelector(`.head.c${column} b`).textContent;
  const ask = form.closest('dialog');
  ask.querySelector('[data-drag-what]').textContent = `${name}: ${card.dataset.start} → ${time}, ${place}`;
  ask.showModal();
}
