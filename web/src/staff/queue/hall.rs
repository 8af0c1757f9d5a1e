//! What belongs into the hall: the screen that calls, the screen to check in at, and the notice for the wall.

use minijinja::context;

use super::place;
use crate::extract::Site;
use crate::qr;
use crate::staff::{self, May, SeeDay};
use crate::{Page, WebError};

/// `GET /wartebereich`
pub(super) async fn show(site: Site, staff: May<SeeDay>) -> Result<Page, WebError> {
    let location = place::location(&site, &staff)?;
    let page = |name: &str| site.url(&format!("/{name}/{}", location.key));
    let address = format!("{}{}", site.origin, page("ankunft"));
    let values = context! {
        location => place::key(&site, Some(location.id)),
        office => location.name.get(&site.lang),
        offices => place::choices(&site, None),
        display => page("aufruf"),
        check_in => page("ankunft"),
        qr => qr::svg(&address),
        // Nobody types the scheme.
        address => address.split_once("://").map_or(address.as_str(), |(_, rest)| rest),
    };
    Ok(staff::page(&staff, "queue", "staff/queue_hall.html", values))
}
