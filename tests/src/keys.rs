//! Somebody at a real browser who has nothing but a keyboard.
//!
//! What is offered here is all there is: pressing keys, typing, looking. A script in every page watches for pointers, and
//! [`Keys::look`] and [`Keys::rest`] fail if one was used all the same.

use std::time::Duration;

use playwright_rs::{Page, Viewport};

use crate::StaffClient;
use crate::browser::{self, Device};

/// Complains where [`browser::expect_quiet_console`] hears it. Enter on a button clicks too, but with no pointer.
const WATCH: &str = "
  for (const kind of ['pointerdown', 'mousedown', 'touchstart', 'wheel', 'click']) {
    addEventListener(kind, (event) => {
      if (event.isTrusted && !(kind === 'click' && event.detail === 0)) console.error('a pointer was used: ' + kind);
    }, { capture: true, passive: true });
  }";

/// What the focused element is called: its labels, its own words, or what it says to screen readers.
const FOCUSED: &str = "() => {
  const it = document.activeElement;
  if (!it || it === document.body) return '';
  const named = (it.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id));
  const labels = [...(it.labels ?? []), ...named].map((label) => label?.textContent);
  const own = it.matches('input, select, textarea') ? [] : [it.textContent];
  const words = [it.getAttribute('aria-label') ?? '', ...labels, ...own].join(' ').replace(/\\s+/g, ' ').trim();
  return `${it.tagName.toLowerCase()}#${it.id} ${words}`.slice(0, 300);
}";

/// What is further away than this is out of reach for somebody in a hurry.
const MOST_TABS: usize = 40;

/// A browser window and a keyboard.
pub struct Keys {
    page: Page,
    /// Keys pressed so far that are not letters of a text.
    pub presses: usize,
    /// Letters typed so far.
    pub letters: usize,
}

impl Keys {
    /// A browser of one's own.
    pub async fn sit_down(device: Device) -> Self {
        Self::watched(browser::open(device).await).await
    }

    /// Another tab of the same browser: the same person, signed in there as here.
    pub async fn another_tab(&self) -> Self {
        let context = self.page.context().expect("a browser context");
        Self::watched(context.new_page().await.expect("another tab")).await
    }

    async fn watched(page: Page) -> Self {
        page.add_init_script(WATCH).await.expect("the watch for pointers");
        page.set_default_timeout(browser::PATIENCE_MS).await;
        Self { page, presses: 0, letters: 0 }
    }

    /// Is signed in from here on, as if the session were of this morning.
    pub async fn enter(&self, staff: &StaffClient) {
        staff.enter(&self.page).await;
    }

    /// Pulls the plug of the network, or puts it back in.
    pub async fn set_offline(&self, is_offline: bool) {
        self.page.context().expect("a context").set_offline(is_offline).await.expect("the network");
    }

    /// Types an address into the browser's own bar.
    pub async fn open(&self, address: &str) {
        assert_eq!(browser::visit(&self.page, address).await, 200, "{address}");
    }

    /// Presses a key, such as `Enter` or `Control+Enter`.
    pub async fn press(&mut self, key: &str) {
        self.presses += 1;
        self.page.keyboard().press(key, None).await.expect("a keyboard");
    }

    /// Types letter by letter into whatever has the focus.
    pub async fn write(&mut self, text: &str) {
        self.letters += text.chars().count();
        self.page.keyboard().type_text(text, None).await.expect("a keyboard");
    }

    /// Presses Tab until what has the focus says `words`.
    pub async fn tab_to(&mut self, words: &str) {
        self.go("Tab", words).await;
    }

    /// Presses `key` until what has the focus says `words`.
    pub async fn go(&mut self, key: &str, words: &str) {
        let mut way = Vec::new();
        for _ in 0..MOST_TABS {
            self.press(key).await;
            let at = self.focused().await;
            if at.contains(words) {
                return;
            }
            way.push(at);
        }
        panic!("{}: {key} never came to “{words}”, but to\n{}", self.page.url(), way.join("\n"));
    }

    /// The same and Enter.
    pub async fn follow(&mut self, words: &str) {
        self.tab_to(words).await;
        self.press("Enter").await;
    }

    /// Back to something above, such as the areas at the top, and Enter.
    pub async fn follow_above(&mut self, words: &str) {
        self.go("Shift+Tab", words).await;
        self.press("Enter").await;
    }

    /// Waits until the page listens to single keys, which it shows by the letters on its buttons, and presses one.
    pub async fn command(&mut self, key: &str) {
        let shows = format!(
            "() => [...document.querySelectorAll('[data-key=\"{key}\"] kbd')].some((it) => it.checkVisibility())"
        );
        self.wait("listening to keys", &shows).await;
        self.press(key).await;
    }

    /// What has the focus: its element, its id and its words. Nothing for the page as a whole.
    pub async fn focused(&self) -> String {
        self.page.evaluate(FOCUSED, None::<&()>).await.unwrap_or_default()
    }

    /// What is chosen in the list that has the focus.
    pub async fn chosen(&self) -> String {
        let chosen = "() => document.activeElement.selectedOptions?.[0]?.text ?? ''";
        self.page.evaluate(chosen, None::<&()>).await.expect("a page")
    }

    /// Waits until what has the focus says `words`.
    pub async fn expect_focus(&self, words: &str) {
        let mut at = String::new();
        for _ in 0..1200 {
            at = self.focused().await;
            if at.contains(words) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{}: the focus is not on “{words}” but on “{at}”", self.page.url());
    }

    /// Waits until something has the focus: after an action it must not be lost.
    pub async fn expect_some_focus(&self) {
        self.expect_focus("#").await;
    }

    /// Waits until the page says `words`.
    pub async fn expect(&self, words: &str) {
        let said = self.wait_for_words(words, true).await;
        assert!(said.contains(words), "{} does not say “{words}”:\n{said}", self.page.url());
    }

    /// Waits until the page does not say `words` any more.
    pub async fn expect_no(&self, words: &str) {
        let said = self.wait_for_words(words, false).await;
        assert!(!said.contains(words), "{} still says “{words}”:\n{said}", self.page.url());
    }

    async fn wait_for_words(&self, words: &str, wanted: bool) -> String {
        let mut said = String::new();
        for _ in 0..600 {
            said = self.text().await;
            if !said.is_empty() && said.contains(words) == wanted {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        said
    }

    /// What one reads on the page, with single spaces; nothing while it is being left.
    pub async fn text(&self) -> String {
        let text = self.page.locator("body").first().inner_text().await.unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// What one reads at the first match of `selector`.
    pub async fn read(&self, selector: &str) -> String {
        let text = self.page.locator(selector).first().inner_text().await;
        text.unwrap_or_else(|_| panic!("{} has no {selector}", self.page.url())).replace('\u{a0}', " ")
    }

    /// How many elements match.
    pub async fn count(&self, selector: &str) -> usize {
        self.page.locator(selector).count().await.expect("a page")
    }

    /// Where the browser is.
    pub fn address(&self) -> String {
        self.page.url()
    }

    async fn wait(&self, what: &str, script: &str) {
        for _ in 0..1200 {
            if self.page.evaluate::<(), bool>(script, None).await.unwrap_or(false) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{} is not {what}", self.page.url());
    }

    /// Looks at the page: axe-core finds nothing, it fits, the console is quiet, no pointer was used; and takes a picture.
    pub async fn look(&self, name: &str) {
        self.check(name).await;
        browser::screenshot(&self.page, &format!("{name}-{}", self.width())).await;
    }

    /// The same, and again as wide as a telephone.
    pub async fn look_twice(&self, name: &str) {
        self.look(name).await;
        let desk = self.page.viewport_size().expect("a window");
        self.resize(Viewport { width: Device::PHONE.width, height: Device::PHONE.height }).await;
        self.look(name).await;
        self.resize(desk).await;
    }

    /// Fails if a pointer was used or a script failed since the beginning.
    pub fn rest(&self, who: &str) {
        browser::expect_quiet_console(&self.page, who);
    }

    async fn check(&self, name: &str) {
        browser::expect_no_sideways_scroll(&self.page, name).await;
        browser::expect_accessible(&self.page, name).await;
        self.rest(name);
    }

    fn width(&self) -> u32 {
        self.page.viewport_size().map_or(0, |it| it.width)
    }

    async fn resize(&self, to: Viewport) {
        self.page.set_viewport_size(to).await.expect("another size");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One button, pressed with Enter.
    async fn pressed() -> Keys {
        let mut keys = Keys::sit_down(Device::DESK).await;
        keys.page.goto("data:text/html,<button>Weiter</button>", None).await.expect("a page");
        keys.follow("Weiter").await;
        keys
    }

    #[test]
    fn enter_is_no_pointer() {
        browser::run(async { pressed().await.rest("Enter") });
    }

    #[test]
    #[should_panic(expected = "a pointer was used")]
    fn a_pointer_is_noticed() {
        browser::run(async {
            let keys = pressed().await;
            keys.page.locator("button").click(None).await.expect("a click");
            keys.rest("a click");
        });
    }
}
