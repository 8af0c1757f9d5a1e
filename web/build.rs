//! Puts templates, assets and texts into the binary, so that a deployment is one file.
//!
//! Debug builds read templates and assets from disk; what is embedded here serves release builds.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// Formats that are compressed already, or too small to gain.
const NOT_COMPRESSED: &[&str] = &["woff2", "png", "txt"];

fn main() -> Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=locales");
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    if is_release {
        minijinja_embed::embed_templates!("templates", &[".html", ".txt"][..]);
        println!("cargo:rerun-if-changed=static");
    } else {
        // An edited template must not cause a build: debug builds read it from disk.
        minijinja_embed::embed_templates!("locales", &[".none"][..]);
    }
    embed_assets(is_release)
}

/// Writes `assets.rs`: one entry for each file below `static/`, with its brotli form, and the hash of the whole tree.
fn embed_assets(is_release: bool) -> Result<()> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let root = fs::canonicalize("static")?;
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    files.sort();
    let mut tree = Sha256::new();
    let mut source = String::from("&[\n");
    for file in files.iter().filter(|_| is_release) {
        let content = fs::read(file)?;
        let name = file.strip_prefix(&root)?.to_str().context("a file name that is not UTF-8")?;
        tree.update(name.as_bytes());
        tree.update([0]);
        tree.update(Sha256::digest(&content));
        let brotli = compressed(file, &content, &out.join(name.replace('/', "+") + ".br"))?;
        let brotli = brotli.map_or("None".to_owned(), |path| format!("Some(include_bytes!({path:?}))"));
        writeln!(source, "Embedded {{ path: {name:?}, content: include_bytes!({file:?}), brotli: {brotli} }},")?;
    }
    source.push(']');
    fs::write(out.join("assets.rs"), source)?;
    let hash: String = tree.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    println!("cargo:rustc-env=STADTTERMIN_ASSET_HASH={hash}");
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// The brotli form of a file, where there is one worth having.
fn compressed(file: &Path, content: &[u8], target: &Path) -> Result<Option<PathBuf>> {
    let extension = file.extension().and_then(|it| it.to_str()).unwrap_or_default();
    if NOT_COMPRESSED.contains(&extension) {
        return Ok(None);
    }
    let mut smaller = Vec::new();
    let options = brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() };
    brotli::BrotliCompress(&mut &content[..], &mut smaller, &options)?;
    fs::write(target, smaller)?;
    Ok(Some(target.to_owned()))
}
