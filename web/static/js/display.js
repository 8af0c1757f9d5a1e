// The screen in the hall: asks for the calls every few seconds, and rings for a new one if somebody wants to hear it.
import { fetchPage, swap } from './swap.js';

const EVERY_MS = 3000;
const LOST_AFTER = 3;
let known = calls();
let failures = 0;
let sound = null;

document.documentElement.classList.add('js');
const button = document.getElementById('ton');
button.hidden = false;
button.addEventListener('click', toggleSound);
setTimeout(update, EVERY_MS);

function calls() {
  return document.querySelector('[data-calls]')?.dataset.calls.split(' ').filter(Boolean) ?? [];
}

async function update() {
  try {
    const answer = await fetchPage(location.href, { cache: 'no-store' });
    if (!answer?.isOk) throw new Error('no answer');
    failures = 0;
    show(answer.page);
  } catch {
    failures += 1;
  }
  document.getElementById('weg').hidden = failures < LOST_AFTER;
  setTimeout(update, EVERY_MS);
}

/** Exchanges the calls only when they differ, so that a screen reader hears each of them once. */
function show(page) {
  const fresh = page.querySelector('[data-calls]')?.dataset.calls.split(' ').filter(Boolean) ?? [];
  const isSame = fresh.join() === known.join();
  swap(page, isSame ? ['clock'] : ['clock', 'calls']);
  if (fresh.some((call) => !known.includes(call))) ring();
  known = fresh;
}

/** Browsers play nothing before somebody has touched the page; neither do we. */
function toggleSound() {
  const isOn = sound === null;
  if (isOn) sound = new AudioContext();
  else sound.close();
  if (!isOn) sound = null;
  button.setAttribute('aria-pressed', String(isOn));
  button.textContent = isOn ? button.dataset.on : button.dataset.off;
  if (isOn) ring();
}

/** Two soft tones, a third apart. */
function ring() {
  if (!sound) return;
  for (const [at, frequency] of [[0, 659.25], [0.28, 523.25]]) {
    const start = sound.currentTime + at;
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0.0001, start);
    volume.gain.exponentialRampToValueAtTime(0.4, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.9);
    tone.connect(volume).connect(sound.destination);
    tone.start(start);
    tone.stop(start + 1);
  }
}
