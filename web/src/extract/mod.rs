//! What handlers take from a request. None of these ever answers with a bare line of text: whatever is wrong becomes
//! a [`WebError`](crate::WebError), and so a page in the town's look.

mod fields;
mod form;
mod segment;
mod site;

pub use fields::Fields;
pub(crate) use fields::decode;
pub use form::{Form, MAX_BODY_BYTES};
pub use segment::Segment;
pub use site::{Site, SiteParts};
