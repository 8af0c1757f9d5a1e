//! A real browser for the tests: one Chromium for all tests of a run, a fresh context for each visit.
//!
//! The only file that knows which crate drives the browser.

use std::cell::RefCell;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use playwright_rs::{
    Browser, BrowserContext, BrowserContextOptions, ColorScheme, EmulateMediaOptions, ForcedColors, LaunchOptions,
    Locator, Page, Playwright, ScreenshotOptions, Viewport,
};
use serde::Deserialize;
use tokio::runtime::Runtime;
use tokio::sync::OnceCell;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a tokio runtime"));
static BROWSER: OnceCell<(Playwright, Browser)> = OnceCell::const_new();

/// How a citizen looks at the page.
#[derive(Clone, Copy, Debug)]
pub struct Device {
    /// Width in CSS pixels.
    pub width: u32,
    /// Height in CSS pixels.
    pub height: u32,
    /// Whether JavaScript runs.
    pub scripts: bool,
    /// What the browser asks for, such as `de-DE`.
    pub language: &'static str,
}

impl Device {
    /// A telephone of 390 × 844 pixels.
    pub const PHONE: Self = Self { width: 390, height: 844, scripts: true, language: "de-DE" };
    /// A desk of 1280 × 900 pixels.
    pub const DESK: Self = Self { width: 1280, height: 900, scripts: true, language: "de-DE" };

    /// The same device with JavaScript switched off.
    pub const fn without_scripts(self) -> Self {
        Self { scripts: false, ..self }
    }

    /// The same device with another language.
    pub const fn speaking(self, language: &'static str) -> Self {
        Self { language, ..self }
    }
}

/// How long a page may take, in milliseconds, on a machine that does much else. Nothing waits longer than it has to.
pub(crate) const PATIENCE_MS: f64 = 60_000.0;

thread_local! {
    /// What the test on this thread has opened.
    static OPEN: RefCell<Vec<BrowserContext>> = const { RefCell::new(Vec::new()) };
}

/// Runs a test on the runtime that the browser lives on, and closes what it has opened, however it ends: pages that stay
/// open go on asking their server, and slow down all tests that come after.
pub fn run<F: Future>(test: F) -> F::Output {
    let ended = std::panic::catch_unwind(AssertUnwindSafe(|| RUNTIME.block_on(test)));
    RUNTIME.block_on(async {
        for context in OPEN.take() {
            // A browser that is gone has nothing open.
            let _ = context.close().await;
        }
    });
    ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Opens a page of its own, with no cookies from before.
pub async fn open(device: Device) -> Page {
    let (_, browser) = BROWSER.get_or_init(launch).await;
    let options = BrowserContextOptions::builder()
        .viewport(Viewport { width: device.width, height: device.height })
        .javascript_enabled(device.scripts)
        .locale(device.language.to_owned())
        .timezone_id("Europe/Berlin".to_owned())
        .reduced_motion("reduce".to_owned())
        .build();
    let context = browser.new_context_with_options(options).await.expect("a browser context");
    OPEN.with_borrow_mut(|open| open.push(context.clone()));
    let page = context.new_page().await.expect("a page");
    page.set_default_timeout(PATIENCE_MS).await;
    page
}

async fn launch() -> (Playwright, Browser) {
    let playwright = Playwright::launch()
        .await
        .expect("the browser driver starts: `npm ci --ignore-scripts` in tests/ui, or run ./dev test");
    // Where ./dev looks for it; else the one that ./dev had the driver install.
    let chromium = ["/usr/bin/chromium", "/usr/bin/google-chrome"];
    let chromium = chromium.into_iter().find(|path| std::path::Path::new(path).exists());
    let flags = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--force-color-profile=srgb",
    ];
    let options = LaunchOptions::new().args(flags.map(str::to_owned).to_vec()).headless(true);
    let options = match chromium {
        Some(path) => options.executable_path(path.to_owned()),
        None => options,
    };
    let browser = playwright.chromium().launch_with_options(options).await.expect("Chromium starts");
    (playwright, browser)
}

/// A finding of axe-core.
#[derive(Debug, Deserialize)]
struct Violation {
    id: String,
    help: String,
    nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    html: String,
    #[serde(rename = "failureSummary")]
    summary: Option<String>,
}

/// Fails with a list if axe-core finds anything against WCAG 2.2 AA or its own best practices.
pub async fn expect_accessible(page: &Page, what: &str) {
    let violations = violations(page).await;
    let mut report = String::new();
    for violation in &violations {
        report += &format!("\n- {}: {}", violation.id, violation.help);
        for node in violation.nodes.iter().take(4) {
            report += &format!("\n    {}\n    {}", node.html, node.summary.as_deref().unwrap_or("").replace('\n', " "));
        }
    }
    assert!(violations.is_empty(), "{what} ({}): axe found{report}", page.url());
}

async fn violations(page: &Page) -> Vec<Violation> {
    let source = std::fs::read_to_string(ui_file("node_modules/axe-core/axe.min.js")).expect("axe-core is installed");
    page.evaluate_expression(&source).await.expect("axe loads");
    page.evaluate(
        "async () => { const r = await axe.run(document, { runOnly: { type: 'tag', values: \
         ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] } }); return r.violations; }",
        None::<&()>,
    )
    .await
    .expect("axe runs")
}

/// Fails if the page must be scrolled sideways (WCAG 1.4.10).
pub async fn expect_no_sideways_scroll(page: &Page, what: &str) {
    let overflow: f64 = page
        .evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth", None::<&()>)
        .await
        .expect("the page measures itself");
    assert!(overflow <= 0.0, "{what} ({}) is {overflow} px too wide", page.url());
}

/// Fails if the browser reported a script error or a refused resource.
pub fn expect_quiet_console(page: &Page, what: &str) {
    let errors = page.page_errors();
    assert!(errors.is_empty(), "{what}: script errors {errors:?}");
    let refused: Vec<String> = page
        .console_messages()
        .iter()
        .filter(|message| message.type_() == "error")
        .map(|message| message.text().to_owned())
        .filter(|text| !text.contains("status of 4"))
        .collect();
    assert!(refused.is_empty(), "{what}: the console says {refused:?}");
}

/// Writes `docs/screenshots/<name>.png` when `SCREENSHOTS=1` is set: first the screen, then the whole page as `-full`.
pub async fn screenshot(page: &Page, name: &str) {
    if std::env::var_os("SCREENSHOTS").is_none() {
        return;
    }
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/screenshots");
    std::fs::create_dir_all(&folder).expect("docs/screenshots");
    page.evaluate_expression("scrollTo(0, 0)").await.expect("the top of the page");
    page.screenshot_to_file(&folder.join(format!("{name}.png")), None).await.expect("a screenshot");
}

/// The whole page as PNG bytes, for looking at.
pub async fn full_page(page: &Page) -> Vec<u8> {
    page.screenshot(ScreenshotOptions::builder().full_page(true).build()).await.expect("a screenshot")
}

/// Goes to `address` and waits for it.
pub async fn visit(page: &Page, address: &str) -> u16 {
    page.goto(address, None).await.expect("the page answers").map_or(0, |response| response.status())
}

/// Waits until the page says `words`; spaces that do not break count as spaces.
pub async fn expect_words(page: &Page, words: &str) {
    let mut text = String::new();
    for _ in 0..600 {
        text = page.locator("body").first().inner_text().await.unwrap_or_default().replace('\u{a0}', " ");
        if text.contains(words) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{} does not say “{words}”:\n{text}", page.url());
}

/// The element with this text on it, among those that can be pressed or followed.
pub fn pressable(page: &Page, text: &str) -> Locator {
    page.locator(format!("button:visible:not(.vh):has-text(\"{text}\"), a:visible:not(.vh):has-text(\"{text}\")"))
        .first()
}

fn ui_file(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("ui").join(path)
}

/// Shows the page as with a dark theme or with forced colours (high contrast).
pub async fn emulate(page: &Page, dark: bool, forced: bool) {
    let mut options = EmulateMediaOptions::builder();
    if dark {
        options = options.color_scheme(ColorScheme::Dark);
    }
    if forced {
        options = options.forced_colors(ForcedColors::Active);
    }
    page.emulate_media(options.build()).await.expect("the settings");
}
