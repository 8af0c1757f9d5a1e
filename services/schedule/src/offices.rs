//! Offices and their counters.

use sqlx::types::Json;
use tenancy::TenantTx;
use tenancy::i18n::I18n;

use crate::{ConcernId, CounterId, LocationId};

/// An office where appointments take place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Number within the town.
    pub id: LocationId,
    /// Stable name, used in addresses.
    pub key: String,
    /// Shown name.
    pub name: I18n,
    /// Street and number.
    pub street: String,
    /// Postal code.
    pub zip: String,
    /// Place.
    pub city: String,
    /// How to find the way inside.
    pub how_to_find: Option<I18n>,
    /// Step-free entrance, parking.
    pub access: Option<I18n>,
    /// Telephone number.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
}

/// One unit of parallel capacity. Not a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counter {
    /// Number within the town.
    pub id: CounterId,
    /// Stable name.
    pub key: String,
    /// Its office.
    pub location: LocationId,
    /// Shown name.
    pub name: String,
    /// What it can serve, sorted.
    pub concerns: Vec<ConcernId>,
}

/// A town's offices and counters, those in use, in the town's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offices {
    /// Offices.
    pub locations: Vec<Location>,
    /// Counters of all offices.
    pub counters: Vec<Counter>,
}

impl Counter {
    /// Whether one visit here can deal with all of `concerns`.
    pub fn serves(&self, concerns: &[ConcernId]) -> bool {
        concerns.iter().all(|it| self.concerns.binary_search(it).is_ok())
    }
}

impl Offices {
    /// Reads them.
    ///
    /// # Errors
    /// The database's own.
    pub async fn load(tx: &mut TenantTx) -> anyhow::Result<Self> {
        Ok(Self { locations: locations(tx, false).await?, counters: counters(tx).await? })
    }

    /// Reads them with the offices that are no longer in use: somebody may still have an appointment there.
    ///
    /// # Errors
    /// The database's own.
    pub async fn load_with_closed(tx: &mut TenantTx) -> anyhow::Result<Self> {
        Ok(Self { locations: locations(tx, true).await?, counters: counters(tx).await? })
    }

    /// An office by its stable name.
    pub fn location(&self, key: &str) -> Option<&Location> {
        self.locations.iter().find(|it| it.key == key)
    }

    /// Offices where some counter serves all of `concerns`.
    pub fn serving<'a>(&'a self, concerns: &'a [ConcernId]) -> impl Iterator<Item = &'a Location> {
        self.locations
            .iter()
            .filter(|location| self.counters.iter().any(|it| it.location == location.id && it.serves(concerns)))
    }
}

#[derive(sqlx::FromRow)]
struct LocationRow {
    id: i32,
    key: String,
    name: Json<I18n>,
    street: String,
    zip: String,
    city: String,
    how_to_find: Option<Json<I18n>>,
    access: Option<Json<I18n>>,
    phone: Option<String>,
    email: Option<String>,
}

async fn locations(tx: &mut TenantTx, with_closed: bool) -> sqlx::Result<Vec<Location>> {
    let rows: Vec<LocationRow> = sqlx::query_as(
        "SELECT id, key, name, street, zip, city, how_to_find, access, phone, email
           FROM location WHERE active OR $1 ORDER BY position, id",
    )
    .bind(with_closed)
    .fetch_all(tx.conn())
    .await?;
    let location = |it: LocationRow| Location {
        id: it.id,
        key: it.key,
        name: it.name.0,
        street: it.street,
        zip: it.zip,
        city: it.city,
        how_to_find: it.how_to_find.map(|it| it.0),
        access: it.access.map(|it| it.0),
        phone: it.phone,
        email: it.email,
    };
    Ok(rows.into_iter().map(location).collect())
}

async fn counters(tx: &mut TenantTx) -> sqlx::Result<Vec<Counter>> {
    let rows: Vec<(i32, String, i32, String, Vec<i32>)> = sqlx::query_as(
        "SELECT counter.id, counter.key, counter.location_id, counter.name,
                array(SELECT concern_id FROM counter_concern WHERE counter_id = counter.id ORDER BY concern_id)
           FROM counter JOIN location ON location.id = counter.location_id
          WHERE counter.active AND location.active
          ORDER BY counter.position, counter.id",
    )
    .fetch_all(tx.conn())
    .await?;
    let counter = |(id, key, location, name, concerns)| Counter { id, key, location, name, concerns };
    Ok(rows.into_iter().map(counter).collect())
}
