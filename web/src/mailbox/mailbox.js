// Looks for new mail every few seconds and exchanges the list, unless somebody is in it with the keyboard.

const PAUSE = 3000;
const list = document.querySelector("[data-list]");

async function look() {
  const answer = await fetch(location.href, { headers: { accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-list]");
  if (!fresh || fresh.textContent === list.textContent || list.contains(document.activeElement)) return;
  // The count keeps its element, so that its change is announced.
  list.querySelector(".count").textContent = fresh.querySelector(".count").textContent;
  list.querySelector("ul").replaceChildren(...fresh.querySelector("ul").children);
  if (!document.body.classList.contains("is-open")) {
    document.querySelector("main").replaceChildren(...page.querySelector("main").childNodes);
  }
}

setInterval(() => look().catch(() => {}), PAUSE);
