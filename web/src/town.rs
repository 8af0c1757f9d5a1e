//! The towns as pages read them: loaded once, kept fresh, shared by all requests.
//!
//! A page costs no more than one statement here: once a second one reader asks for the versions, all others go on with
//! what is there. A stale answer costs a citizen one “just taken, here is the next”, never a wrong booking.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use catalog::Catalog;
use jiff::Timestamp;
use minijinja::context;
use minijinja::value::{Serde, Value};
use schedule::{Offices, TownIndex};
use tenancy::i18n::FIRST_LANGUAGE;
use tenancy::town::{Town, page_texts};
use tenancy::{Db, Tenant, TenantSlug};
use tokio::time::Instant;

use crate::assets::TownFile;
use crate::locales;

/// How old an answer may be before one reader asks again.
const FRESH_FOR: Duration = Duration::from_secs(1);

/// How old it may be if places were taken by ourselves since then. Under load, one reader looks for all that were taken
/// meanwhile; at other times the next one looks.
const SETTLES_AFTER: Duration = Duration::from_millis(50);

/// How old it may be before everybody waits for that reader: nobody was here for a while.
const USABLE_FOR: Duration = Duration::from_secs(5);

/// Everything a page of a town reads.
pub struct TownState {
    /// Which town.
    pub tenant: Arc<Tenant>,
    /// Who it is, by which rules it books.
    pub town: Town,
    /// What citizens come for.
    pub catalog: Catalog,
    /// Where.
    pub offices: Offices,
    /// The same with offices that have closed down, where bookings of before may be.
    pub former_offices: Offices,
    /// What is free when.
    pub index: TownIndex,
    /// The town's colours as a style sheet.
    pub theme_css: TownFile,
    /// Its logo.
    pub logo: TownFile,
    /// Languages of its pages, German first.
    pub languages: Vec<String>,
    texts: BTreeMap<(String, String), String>,
    branding: BTreeMap<String, Value>,
}

impl TownState {
    async fn load(db: &Db, tenant: &Arc<Tenant>, now: Timestamp) -> anyhow::Result<Self> {
        let mut tx = db.tenant_tx(tenant).await?;
        let town = Town::load(&mut tx).await?;
        let catalog = Catalog::load(&mut tx).await?;
        let offices = Offices::load(&mut tx).await?;
        let former_offices = Offices::load_with_closed(&mut tx).await?;
        let index = TownIndex::load(&mut tx, now, town.rules.staff_horizon()).await?;
        let texts: BTreeMap<_, _> =
            page_texts(&mut tx).await?.into_iter().map(|it| ((it.slug, it.language), it.markdown)).collect();
        tx.rollback().await?;
        let mut languages = town.profile.languages.clone();
        languages.retain(|it| locales::LANGUAGES.contains(&it.as_str()));
        let theme_css = TownFile::new(town.theme.css());
        let logo = TownFile::new(town.logo.clone());
        let branding = languages
            .iter()
            .map(|language| (language.clone(), branding(&town, &theme_css, &logo, &languages, language)))
            .collect();
        Ok(Self {
            tenant: Arc::clone(tenant),
            town,
            catalog,
            offices,
            former_offices,
            index,
            theme_css,
            logo,
            languages,
            texts,
            branding,
        })
    }

    /// One of the town's longer texts, in `language` or else in German: the language it is in, and its Markdown.
    pub fn text(&self, slug: &str, language: &str) -> Option<(&str, &str)> {
        let find = |language: &str| self.texts.get_key_value(&(slug.to_owned(), language.to_owned()));
        let ((_, language), markdown) = find(language).or_else(|| find(FIRST_LANGUAGE))?;
        Some((language, markdown))
    }

    /// What every page shows of the town, made once for each language: the variable `site` of all templates.
    pub(crate) fn branding(&self, language: &str) -> Value {
        self.branding.get(language).or_else(|| self.branding.values().next()).cloned().unwrap_or_default()
    }
}

fn branding(town: &Town, theme: &TownFile, logo: &TownFile, languages: &[String], language: &str) -> Value {
    let profile = &town.profile;
    let texts = locales::texts();
    let named: Vec<Value> =
        languages.iter().map(|code| context! { code, name => texts.text(code, "common.language", &[]) }).collect();
    let emergency = &profile.emergency;
    context! {
        emergency => context! {
            text => emergency.text.get(language),
            phone => emergency.phone.as_deref(),
            email => emergency.email.as_deref(),
        },
        how_to_pay => profile.how_to_pay.as_ref().map(|it| it.get(language)),
        languages => named,
        language => texts.text(language, "common.language", &[]),
        theme_hash => theme.hash.as_str(),
        theme_color => town.theme.primary.to_string(),
        logo_hash => logo.hash.as_str(),
        ..Serde(profile)
    }
}

/// All towns that were asked for since the process started.
pub struct Towns {
    db: Db,
    entries: Mutex<HashMap<TenantSlug, Arc<Entry>>>,
}

/// One town's state, and when it was last found to be up to date.
#[derive(Default)]
struct Entry {
    known: ArcSwapOption<Known>,
    refreshing: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
struct Known {
    state: Arc<TownState>,
    checked: Instant,
    /// Places were taken.
    is_settling: bool,
    /// Everybody waits for the next look.
    is_outdated: bool,
}

impl Towns {
    /// No town yet; each is loaded when somebody asks for it.
    pub fn new(db: Db) -> Self {
        Self { db, entries: Mutex::default() }
    }

    /// The town as it is now, or was up to a second ago.
    ///
    /// # Errors
    /// The database's own, if the town was never read before: pages go on with what is known while the database is away.
    pub async fn get(&self, tenant: &Arc<Tenant>, now: Timestamp) -> anyhow::Result<Arc<TownState>> {
        let entry = self.entry(&tenant.slug);
        let known = entry.known.load_full();
        let age = known.as_ref().filter(|it| !it.is_outdated).map(|it| it.checked.elapsed());
        if let (Some(known), Some(age)) = (&known, age)
            && age < known.fresh_for()
        {
            return Ok(Arc::clone(&known.state));
        }
        let _turn = match (&known, age) {
            // Somebody is asking already; a second more does no harm.
            (Some(known), Some(age)) if age < USABLE_FOR => match entry.refreshing.try_lock() {
                Ok(turn) => turn,
                Err(_) => return Ok(Arc::clone(&known.state)),
            },
            _ => entry.refreshing.lock().await,
        };
        self.refresh(&entry, tenant, now).await
    }

    /// Marks a town as changed by ourselves: the next reader asks again at once.
    pub fn touched(&self, tenant: &Tenant) {
        self.mark(tenant, |known| Known { is_outdated: true, ..known.clone() });
    }

    /// Marks that a place of a town was taken by ourselves, which others shall soon see.
    pub fn taken(&self, tenant: &Tenant) {
        self.mark(tenant, |known| Known { is_settling: true, ..known.clone() });
    }

    fn mark(&self, tenant: &Tenant, marked: impl Fn(&Known) -> Known) {
        self.entry(&tenant.slug).known.rcu(|known| known.as_deref().map(|it| Arc::new(marked(it))));
    }

    /// Runs under the entry's lock.
    async fn refresh(&self, entry: &Entry, tenant: &Arc<Tenant>, now: Timestamp) -> anyhow::Result<Arc<TownState>> {
        let known = entry.known.load_full();
        if let Some(known) = &known
            && !known.is_outdated
            && known.checked.elapsed() < known.fresh_for()
        {
            return Ok(Arc::clone(&known.state)); // somebody else was quicker
        }
        // What changes from here on is asked for again, even if this answer does not know it yet.
        let checked = Instant::now();
        if let Some(known) = &known {
            entry.known.store(Some(Arc::new(Known { is_settling: false, is_outdated: false, ..Known::clone(known) })));
        }
        let state = match self.up_to_date(known.as_deref().map(|it| &it.state), tenant, now).await {
            Ok(state) => state,
            Err(error) => {
                let Some(known) = known else { return Err(error) };
                tracing::warn!(town = %tenant.slug, error = format!("{error:#}"), "a town could not be refreshed");
                Arc::clone(&known.state)
            }
        };
        entry.known.rcu(|present| {
            let is_outdated = present.as_ref().is_some_and(|it| it.is_outdated);
            let is_settling = present.as_ref().is_some_and(|it| it.is_settling);
            Some(Arc::new(Known { state: Arc::clone(&state), checked, is_settling, is_outdated }))
        });
        Ok(state)
    }

    async fn up_to_date(
        &self,
        known: Option<&Arc<TownState>>,
        tenant: &Arc<Tenant>,
        now: Timestamp,
    ) -> anyhow::Result<Arc<TownState>> {
        if let Some(state) = known.filter(|it| is_same(&it.tenant, tenant)) {
            let mut tx = self.db.tenant_tx(tenant).await?;
            let version = state.index.refresh(&mut tx, now).await?;
            tx.rollback().await?;
            if version == state.town.version {
                return Ok(Arc::clone(state));
            }
        }
        TownState::load(&self.db, tenant, now).await.map(Arc::new)
    }

    fn entry(&self, slug: &TenantSlug) -> Arc<Entry> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(entries.entry(slug.clone()).or_default())
    }
}

impl Known {
    fn fresh_for(&self) -> Duration {
        if self.is_settling { SETTLES_AFTER } else { FRESH_FOR }
    }
}

/// Whether a town still lies where it lay, and answers where it answered.
fn is_same(before: &Tenant, now: &Tenant) -> bool {
    before.cell == now.cell && before.zone == now.zone && before.name == now.name && before.hosts == now.hosts
}
