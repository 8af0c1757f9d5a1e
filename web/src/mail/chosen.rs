//! Which appointments of the booking a mail is about.

use booking::{Appointment, Status};
use mail::outbox::MailKind;

use super::Letter;

/// The appointments of a mail, in their order.
pub(super) struct Chosen<'a> {
    /// What it is about.
    pub main: Vec<&'a Appointment>,
    /// What else of the booking remains, mentioned in short.
    pub remaining: Vec<&'a Appointment>,
}

pub(super) fn choose<'a>(letter: &Letter<'a>) -> Chosen<'a> {
    let wanted =
        if matches!(letter.kind, MailKind::Cancellation | MailKind::CancelledByTown) { is_cancelled } else { is_valid };
    let is_meant = |it: &Appointment| letter.appointment.is_none_or(|id| id == it.id);
    let all = &letter.booking.appointments;
    let main: Vec<&Appointment> = all.iter().filter(|it| is_meant(it) && wanted(it)).collect();
    let is_main = |it: &Appointment| main.iter().any(|other| other.id == it.id);
    let remaining = all.iter().filter(|it| is_valid(it) && !is_main(it)).collect();
    Chosen { main, remaining }
}

fn is_valid(appointment: &Appointment) -> bool {
    matches!(appointment.status, Status::Booked | Status::Arrived | Status::Called | Status::InService)
}

fn is_cancelled(appointment: &Appointment) -> bool {
    appointment.status == Status::Cancelled
}
