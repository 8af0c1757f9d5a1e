//! What citizens come for: concerns with their durations, documents, forms and fees, and the search among them.

mod concern;
mod fee;
mod form;
mod index;
mod load;
pub mod pack;
pub mod search;

pub use concern::{
    Booking, Category, Choice, Concern, ConcernDocument, ConcernId, FormRef, MAX_QUANTITY, OnlineService, Selection,
    Who,
};
pub use fee::{Fee, fees_on, sum_cents};
pub use form::form_content;
pub use index::fold;
pub use load::Catalog;
pub use search::{Hit, search};
