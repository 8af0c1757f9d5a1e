// Shows what only scripts can do, and hides what they make needless; again after a part of the page was exchanged.

export function ready(root = document) {
  for (const part of root.querySelectorAll('[data-live-only-js]')) part.hidden = false;
  for (const part of root.querySelectorAll('[data-nojs]')) part.hidden = true;
}
