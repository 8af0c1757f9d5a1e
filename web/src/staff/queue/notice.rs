//! What the queue has to say after a form was sent: a kind and a ticket in the address, so that reloading sends nothing.

use axum::response::Response;
use booking::queue::{QueueError, Ticket};
use minijinja::{Value, context};
use schedule::LocationId;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{HOME, place, row};
use crate::WebError;
use crate::extract::Site;

/// Something to tell at the top of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notice {
    /// A number was handed out.
    Taken,
    /// The form was used before, for this number.
    TakenBefore,
    /// Somebody was sent elsewhere.
    Sent,
    /// Somebody goes first now.
    Preferred,
    /// Nobody waits whom this counter could serve.
    Nobody,
    /// The clerk has chosen no counter yet.
    NoCounter,
    /// Somebody else was quicker.
    Changed,
    /// The state does not allow it.
    NotPossible,
    /// Somebody is still at the counter.
    Occupied,
    /// Somebody else has changed the appointment meanwhile.
    AppointmentChanged,
}

impl Notice {
    const ALL: [(Self, &'static str); 10] = [
        (Self::Taken, "gezogen"),
        (Self::TakenBefore, "schon_gezogen"),
        (Self::Sent, "weitergeleitet"),
        (Self::Preferred, "vorrang"),
        (Self::Nobody, "niemand"),
        (Self::NoCounter, "kein-schalter"),
        (Self::Changed, "geaendert"),
        (Self::NotPossible, "nicht-moeglich"),
        (Self::Occupied, "besetzt"),
        (Self::AppointmentChanged, "termin-geaendert"),
    ];

    /// Back to the list of this office, with nothing to say.
    pub fn none(site: &Site, office: Option<LocationId>) -> Response {
        let address = place::key(site, office).map_or_else(|| HOME.to_owned(), |key| format!("{HOME}?standort={key}"));
        site.redirect(&address)
    }

    /// Back to the list of this office, which says this.
    pub fn go(self, site: &Site, office: Option<LocationId>, ticket: Option<Uuid>) -> Response {
        let word = Self::ALL.iter().find(|(notice, _)| *notice == self).map_or("", |(_, word)| *word);
        let office = place::key(site, office).map(|key| format!("&standort={key}")).unwrap_or_default();
        let ticket = ticket.map(|id| format!("&ticket={id}")).unwrap_or_default();
        site.redirect(&format!("{HOME}?meldung={word}{office}{ticket}"))
    }

    /// What the address says, with its ticket as it is now.
    ///
    /// # Errors
    /// The database's own.
    pub async fn read(site: &Site, tx: &mut TenantTx) -> Result<Option<Value>, WebError> {
        let Some(word) = site.query.get("meldung") else { return Ok(None) };
        let Some((notice, _)) = Self::ALL.iter().find(|(_, it)| *it == word) else { return Ok(None) };
        let ticket: Option<Ticket> = match site.query.get("ticket").and_then(|it| it.parse().ok()) {
            Some(id) => booking::queue::find(tx, id).await?,
            None => None,
        };
        Ok(notice.words(site, ticket.as_ref()))
    }

    /// The sentence. One about a ticket that is not there says nothing.
    fn words(self, site: &Site, ticket: Option<&Ticket>) -> Option<Value> {
        let is_good = matches!(self, Self::Taken | Self::Sent | Self::Preferred);
        let needs_ticket = !matches!(self, Self::Nobody | Self::NoCounter | Self::AppointmentChanged);
        let key = Self::ALL.iter().find(|(notice, _)| *notice == self).map(|(_, word)| word.replace('-', "_"))?;
        let Some(ticket) = ticket.filter(|_| needs_ticket) else {
            let text = site.t(&format!("staff.queue.notice.{key}"), &[]);
            return (!needs_ticket).then(|| context! { text, is_good, slip => () });
        };
        let arguments = [
            ("number", ticket.label().into()),
            ("state", row::state_words(site, ticket).into()),
            ("who", row::who_changed(site, ticket).into()),
            ("at", row::clock(site, ticket.changed_at).into()),
            ("taken", row::clock(site, ticket.created_at).into()),
            ("place", row::place_words(site, ticket).into()),
        ];
        let text = site.t(&format!("staff.queue.notice.{key}"), &arguments);
        let slip = (self == Self::Taken).then(|| site.url(&format!("{HOME}/{}/zettel", ticket.id)));
        Some(context! { text, is_good, slip })
    }
}

/// The answer to a change that was not made. Nothing is lost by it: there was nothing typed.
pub(super) fn refused(site: &Site, error: QueueError) -> Result<Response, WebError> {
    let (notice, ticket) = match error {
        QueueError::NotFound => return Err(WebError::NotFound),
        QueueError::Database(error) => return Err(error.into()),
        QueueError::Changed(ticket) => (Notice::Changed, ticket),
        QueueError::NotPossible(ticket) => (Notice::NotPossible, ticket),
        QueueError::Occupied(ticket) => (Notice::Occupied, ticket),
    };
    Ok(notice.go(site, Some(ticket.location), Some(ticket.id)))
}
