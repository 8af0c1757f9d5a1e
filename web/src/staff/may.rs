//! Who is signed in, and what they may do: extractors that let nobody else into a handler.

use std::marker::PhantomData;
use std::ops::Deref;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use identity::{Right, Staff};

use crate::WebError;

/// Somebody who is signed in to this town; the layer of the sign-in puts it into the request.
#[derive(Clone)]
pub(crate) struct SignedIn(pub Staff);

/// Somebody who is signed in and holds the right `R`.
pub(crate) struct May<R> {
    staff: Staff,
    right: PhantomData<R>,
}

/// A right as a type.
pub(crate) trait Granted {
    /// The right.
    const RIGHT: Right;
}

macro_rules! rights {
    ($($name:ident),*) => {$(
        #[doc = concat!("[`Right::", stringify!($name), "`] as a type.")]
        pub(crate) struct $name;
        impl Granted for $name {
            const RIGHT: Right = Right::$name;
        }
    )*};
}

rights!(SeeDay, Book, ChangeBookings, Serve, CloseCounters, ManageStaff, Import);

impl<R> Deref for May<R> {
    type Target = Staff;
    fn deref(&self) -> &Staff {
        &self.staff
    }
}

impl<S: Send + Sync> FromRequestParts<S> for SignedIn {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, WebError> {
        parts.extensions.get::<SignedIn>().cloned().ok_or(WebError::SignIn)
    }
}

impl<S: Send + Sync, R: Granted> FromRequestParts<S> for May<R> {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        let SignedIn(staff) = SignedIn::from_request_parts(parts, state).await?;
        if staff.may(R::RIGHT) { Ok(Self { staff, right: PhantomData }) } else { Err(WebError::NoRight) }
    }
}
