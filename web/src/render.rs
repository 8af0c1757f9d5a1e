//! The environment that renders every page and mail.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Context as _;
use minijinja::{Environment, Error, ErrorKind, State, Value, context};
use templating::{Texts, address_value};

use crate::extract::Site;
use crate::page::Page;
use crate::{assets, locales};

/// Templates and texts. Reads templates from disk, again whenever they change, in debug builds; release builds carry
/// them inside.
pub struct Renderer {
    environment: Environment<'static>,
    texts: Arc<Texts>,
}

impl Default for Renderer {
    fn default() -> Self {
        let texts = Arc::new(locales::texts());
        let mut environment = templating::environment(Arc::clone(&texts));
        environment.add_function("asset", asset);
        load_templates(&mut environment);
        Self { environment, texts }
    }
}

impl Renderer {
    /// All texts, for words outside of templates.
    pub fn texts(&self) -> &Arc<Texts> {
        &self.texts
    }

    /// Renders a template with nothing but these values. They need `lang`, and `base`, `zone` where they are used.
    ///
    /// # Errors
    /// A template that does not exist, is broken, or uses what is not there.
    pub fn render(&self, template: &str, values: Value) -> anyhow::Result<String> {
        let template = self.environment.get_template(template)?;
        // The alternate form carries minijinja's own chain: template, line, and what was undefined.
        template
            .render(values)
            .map_err(|error| anyhow::anyhow!("{error:#}"))
            .context(format!("rendering {}", template.name()))
    }

    /// Renders a page as it looks on this site.
    ///
    /// # Errors
    /// As [`render`](Self::render).
    pub(crate) fn page(&self, site: &Site, page: &Page) -> anyhow::Result<String> {
        self.render(&page.template, flat(&[site_values(site), page.values.clone()])?)
    }
}

/// One map out of several, the later ones winning. A template looks up hundreds of names, those of functions too:
/// layered maps, which all have to be asked, cost a fifth of a large page's time.
fn flat(layers: &[Value]) -> anyhow::Result<Value> {
    let mut values: HashMap<String, Value> = HashMap::with_capacity(48);
    for layer in layers {
        for name in layer.try_iter()? {
            let value = layer.get_item(&name)?;
            values.insert(name.to_string(), value);
        }
    }
    Ok(Value::from_object(values))
}

/// What every page may use, whatever it is about.
fn site_values(site: &Site) -> Value {
    context! {
        lang => site.lang.as_str(),
        dir => crate::language::direction(&site.lang),
        base => site.base.as_str(),
        zone => site.zone().iana_name(),
        site => site.town.branding(&site.lang),
        here => site.here(),
    }
}

/// `asset("css/app.css")`: where the browser finds a file of `web/static`. The address changes with the content.
fn asset(state: &State, path: &str) -> Result<Value, Error> {
    if !assets::exists(path) {
        return Err(Error::new(ErrorKind::InvalidOperation, format!("there is no asset “{path}”")));
    }
    let base = state.lookup("base").ok_or_else(|| Error::new(ErrorKind::UndefinedError, "no `base` for asset()"))?;
    let address = format!("{}/assets/{}/{path}", base.as_str().unwrap_or_default(), assets::tree_hash());
    Ok(address_value(state, &address))
}

#[cfg(debug_assertions)]
fn load_templates(environment: &mut Environment<'static>) {
    environment.set_loader(minijinja::path_loader(concat!(env!("CARGO_MANIFEST_DIR"), "/templates")));
}

#[cfg(not(debug_assertions))]
fn load_templates(environment: &mut Environment<'static>) {
    environment.set_auto_reload(false);
    minijinja_embed::load_templates!(*environment);
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn names(folder: &Path, below: &str, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let name = format!("{below}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() { names(&entry.path(), &format!("{name}/"), found) } else { found.push(name) }
        }
    }

    #[test]
    fn every_template_can_be_read() {
        let renderer = Renderer::default();
        let mut found = Vec::new();
        names(&Path::new(env!("CARGO_MANIFEST_DIR")).join("templates"), "", &mut found);
        assert!(found.contains(&"base.html".to_owned()));
        for name in found {
            renderer.environment.get_template(&name).unwrap_or_else(|error| panic!("{name}: {error:#}"));
        }
    }

    #[test]
    fn an_asset_that_does_not_exist_is_an_error() {
        let renderer = Renderer::default();
        let render = |template: &str| renderer.environment.render_str(template, context! { base => "/x" });
        assert!(render("{{ asset('css/app.css') }}").unwrap().starts_with("/x/assets/"));
        assert!(render("{{ asset('css/nothing.css') }}").is_err());
    }
}
