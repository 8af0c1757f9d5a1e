// Follows what the server tells about a day, and falls back to asking now and then where it cannot.

const ASK_EVERY_MS = 15_000;

/**
 * Calls `onVersion(version)` whenever the day has another version, and `onState(isFollowing)` when following begins or
 * fails; while it fails, `onVersion(null)` comes every 15 seconds. Hidden pages hold no connection open: a browser has
 * few of them.
 */
export function follow(url, onVersion, onState = () => {}) {
  let events = null;
  let timer;

  function open() {
    if (events || document.hidden) return;
    events = new EventSource(url);
    events.addEventListener('open', () => { stopAsking(); onState(true); });
    events.addEventListener('message', (event) => onVersion(event.data));
    events.addEventListener('error', () => {
      // The server ends each stream after a minute, and the browser is on its way back then.
      if (events?.readyState !== EventSource.CLOSED) return;
      close();
      onState(false);
      timer ??= setInterval(retry, ASK_EVERY_MS);
    });
  }

  function retry() {
    onVersion(null);
    open();
  }

  function close() {
    events?.close();
    events = null;
  }

  function stopAsking() {
    clearInterval(timer);
    timer = undefined;
  }

  document.addEventListener('visibilitychange', () => (document.hidden ? close() : open()));
  // A page that the browser keeps for the Back button must not hold the connection.
  window.addEventListener('pagehide', close);
  window.addEventListener('pageshow', open);
  open();
}
