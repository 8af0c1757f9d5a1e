//! Style sheets, scripts, fonts and icons of `web/static`, and each town's own colours and logo.
//!
//! The address of a file holds a hash: of the whole tree for ours, so that relative `import` and `url()` just work, of
//! the content for a town's. What an address shows therefore never changes, and browsers may keep it for ever.

use std::borrow::Cow;

use axum::Router;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};

use crate::extract::{Segment, Site};
use crate::security::FILE_POLICY;
use crate::{AppState, WebError};

const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// An address of another release: what it leads to may differ from what the page meant.
const NOT_AT_ALL: &str = "no-cache";

/// A file inside the binary.
struct Embedded {
    path: &'static str,
    content: &'static [u8],
    brotli: Option<&'static [u8]>,
}

static EMBEDDED: &[Embedded] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// A file of a town, with the hash that stands in its address.
#[derive(Clone, Debug)]
pub struct TownFile {
    /// First 16 hexadecimal digits of its SHA-256.
    pub hash: String,
    /// What is in it.
    pub content: String,
}

impl TownFile {
    /// Hashes `content`.
    pub fn new(content: String) -> Self {
        let hash = Sha256::digest(&content).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Self { hash, content }
    }

    fn response(&self, hash: &str, kind: &'static str) -> Response {
        let caching = if hash == self.hash { FOR_EVER } else { NOT_AT_ALL };
        let tag = HeaderValue::from_str(&format!("\"{}\"", self.hash)).unwrap_or(HeaderValue::from_static("\"\""));
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
            (header::CACHE_CONTROL, HeaderValue::from_static(caching)),
            (header::ETAG, tag),
        ];
        (headers, self.content.clone()).into_response()
    }
}

pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route("/assets/{hash}/{*path}", get(asset))
        .route("/thema/{file}", get(theme))
        .route("/logo/{file}", get(logo))
}

async fn asset(Segment((hash, path)): Segment<(String, String)>, headers: HeaderMap) -> Result<Response, WebError> {
    let takes_brotli = headers.get(header::ACCEPT_ENCODING).is_some_and(accepts_brotli);
    let (content, is_brotli) = read(&path, takes_brotli).ok_or(WebError::NotFound)?;
    let caching = if hash == tree_hash() { FOR_EVER } else { NOT_AT_ALL };
    let mut response = content.into_response();
    let set = |response: &mut Response, name: HeaderName, value: &'static str| {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    };
    set(&mut response, header::CONTENT_TYPE, content_type(&path));
    set(&mut response, header::CACHE_CONTROL, caching);
    set(&mut response, header::VARY, "accept-encoding");
    if is_brotli {
        set(&mut response, header::CONTENT_ENCODING, "br");
    }
    Ok(response)
}

async fn theme(site: Site, Segment(file): Segment<String>, headers: HeaderMap) -> Result<Response, WebError> {
    let hash = file.strip_suffix(".css").ok_or(WebError::NotFound)?;
    let theme = &site.town.theme_css;
    if is_known(&headers, &theme.hash) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    Ok(theme.response(hash, "text/css; charset=utf-8"))
}

async fn logo(site: Site, Segment(file): Segment<String>, headers: HeaderMap) -> Result<Response, WebError> {
    let hash = file.strip_suffix(".svg").ok_or(WebError::NotFound)?;
    let logo = &site.town.logo;
    if is_known(&headers, &logo.hash) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    let mut response = logo.response(hash, "image/svg+xml");
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(FILE_POLICY));
    Ok(response)
}

fn is_known(headers: &HeaderMap, hash: &str) -> bool {
    headers.get(header::IF_NONE_MATCH).and_then(|it| it.to_str().ok()).is_some_and(|it| it.contains(hash))
}

/// Whether `br` is named and not refused (`br;q=0`).
fn accepts_brotli(value: &HeaderValue) -> bool {
    value.to_str().unwrap_or_default().split(',').any(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        parts.next() == Some("br")
            && !parts.any(|it| it.strip_prefix("q=").and_then(|q| q.parse().ok()) == Some(0.0_f32))
    })
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        _ => "text/plain; charset=utf-8",
    }
}

/// Whether there is such a file below `web/static`.
pub(crate) fn exists(path: &str) -> bool {
    if cfg!(debug_assertions) { disk::find(path).is_some() } else { EMBEDDED.iter().any(|it| it.path == path) }
}

/// The hash that stands in the addresses of all assets.
pub(crate) fn tree_hash() -> Cow<'static, str> {
    if cfg!(debug_assertions) { disk::tree_hash().into() } else { env!("STADTTERMIN_ASSET_HASH").into() }
}

/// The file, and whether it is the brotli form.
fn read(path: &str, takes_brotli: bool) -> Option<(Cow<'static, [u8]>, bool)> {
    if cfg!(debug_assertions) {
        return std::fs::read(disk::find(path)?).ok().map(|content| (content.into(), false));
    }
    let file = EMBEDDED.iter().find(|it| it.path == path)?;
    match file.brotli {
        Some(brotli) if takes_brotli => Some((brotli.into(), true)),
        _ => Some((file.content.into(), false)),
    }
}

/// Debug builds: edited files are shown at once.
mod disk {
    use std::path::{Path, PathBuf};
    use std::time::UNIX_EPOCH;

    use sha2::{Digest, Sha256};

    const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/static");

    /// Only what a listing of the tree contains: `..` leads nowhere.
    pub fn find(path: &str) -> Option<PathBuf> {
        let wanted = Path::new(ROOT).join(path);
        files(Path::new(ROOT)).into_iter().find(|it| *it == wanted && !path.contains(".."))
    }

    /// Over names, sizes and times of change, which is quicker than reading everything for each page.
    pub fn tree_hash() -> String {
        let mut tree = Sha256::new();
        for file in files(Path::new(ROOT)) {
            tree.update(file.to_string_lossy().as_bytes());
            let Ok(metadata) = file.metadata() else { continue };
            let changed = metadata.modified().ok().and_then(|it| it.duration_since(UNIX_EPOCH).ok());
            tree.update(changed.map_or(0, |it| it.as_nanos()).to_le_bytes());
            tree.update(metadata.len().to_le_bytes());
        }
        tree.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    fn files(folder: &Path) -> Vec<PathBuf> {
        let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
        let mut found: Vec<PathBuf> = entries
            .flatten()
            .flat_map(|entry| if entry.path().is_dir() { files(&entry.path()) } else { vec![entry.path()] })
            .collect();
        found.sort();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_tree_are_served() {
        assert!(exists("css/app.css"));
        for path in ["", "css", "../Cargo.toml", "css/../../Cargo.toml", "/etc/passwd", "css/app.css/"] {
            assert!(read(path, true).is_none() || path == "css/app.css/", "{path} was served");
        }
    }

    #[test]
    fn brotli_only_for_those_who_take_it() {
        for (line, expected) in [("gzip, deflate, br", true), ("br;q=0.5", true), ("br;q=0", false), ("gzip", false)] {
            assert_eq!(accepts_brotli(&HeaderValue::from_static(line)), expected, "{line}");
        }
    }

    #[test]
    fn the_hash_is_part_of_a_town_file() {
        let file = TownFile::new(":root {}".to_owned());
        assert_eq!(file.hash.len(), 16);
        assert_eq!(file.response(&file.hash, "text/css").headers()[header::CACHE_CONTROL], FOR_EVER);
        assert_eq!(file.response("old", "text/css").headers()[header::CACHE_CONTROL], NOT_AT_ALL);
    }
}
