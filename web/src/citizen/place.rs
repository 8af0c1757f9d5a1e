//! An office in the reader's language.

use schedule::{Location, LocationId};
use serde::Serialize;
use tenancy::i18n::I18n;

use crate::extract::Site;

/// Where an appointment is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    pub name: String,
    pub street: String,
    pub zip: String,
    pub city: String,
    pub how_to_find: Option<String>,
    pub access: Option<String>,
}

impl Place {
    /// `location` in the language of the request.
    pub fn new(location: &Location, lang: &str) -> Self {
        let words = |text: &Option<I18n>| text.as_ref().map(|it| it.get(lang).to_owned());
        Self {
            name: location.name.get(lang).to_owned(),
            street: location.street.clone(),
            zip: location.zip.clone(),
            city: location.city.clone(),
            how_to_find: words(&location.how_to_find),
            access: words(&location.access),
        }
    }

    /// The office with this number, be it closed down.
    pub fn find(site: &Site, location: LocationId) -> Option<Self> {
        let found = site.town.former_offices.locations.iter().find(|it| it.id == location)?;
        Some(Self::new(found, &site.lang))
    }

    /// The town's office, if it has only one.
    pub fn only_one(site: &Site) -> Option<Self> {
        match site.town.offices.locations.as_slice() {
            [location] => Some(Self::new(location, &site.lang)),
            _ => None,
        }
    }
}
