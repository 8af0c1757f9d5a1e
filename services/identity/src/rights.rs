//! Roles as sets of named rights.

/// Something that not everybody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Right {
    /// See the day, the week, bookings and their history.
    SeeDay,
    /// Book for somebody who calls or stands at the desk.
    Book,
    /// Change, move and cancel bookings, add notes.
    ChangeBookings,
    /// Put an appointment on top of another, or outside the hours.
    Overbook,
    /// Take people's arrival, hand out numbers, call and serve.
    Serve,
    /// Close a counter or a location, and move whom that affects.
    CloseCounters,
    /// Invite colleagues, change their role, switch accounts off.
    ManageStaff,
    /// Change the town's catalogue, hours, texts and look.
    ManageTown,
    /// Bring appointments of before along.
    Import,
}

impl Right {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::SeeDay,
        Self::Book,
        Self::ChangeBookings,
        Self::Overbook,
        Self::Serve,
        Self::CloseCounters,
        Self::ManageStaff,
        Self::ManageTown,
        Self::Import,
    ];

    /// Its name, as templates ask for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SeeDay => "see_day",
            Self::Book => "book",
            Self::ChangeBookings => "change_bookings",
            Self::Overbook => "overbook",
            Self::Serve => "serve",
            Self::CloseCounters => "close_counters",
            Self::ManageStaff => "manage_staff",
            Self::ManageTown => "manage_town",
            Self::Import => "import",
        }
    }
}

/// What somebody does for the town.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// At the switchboard: books, moves and cancels for callers.
    Phone,
    /// At the counter.
    Clerk,
    /// Leads a team: also closes counters and overbooks.
    Lead,
    /// Keeps the town's accounts and settings, and does all the rest.
    Admin,
    /// Looks, and changes nothing.
    Reader,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Phone, Self::Clerk, Self::Lead, Self::Admin, Self::Reader];

    /// What it may do.
    pub fn rights(self) -> &'static [Right] {
        use Right::{Book, ChangeBookings, CloseCounters, Overbook, SeeDay, Serve};
        match self {
            Self::Reader => &[SeeDay],
            Self::Phone => &[SeeDay, Book, ChangeBookings],
            Self::Clerk => &[SeeDay, Book, ChangeBookings, Serve],
            Self::Lead => &[SeeDay, Book, ChangeBookings, Overbook, Serve, CloseCounters],
            Self::Admin => &Right::ALL,
        }
    }

    /// Whether it holds this right.
    pub fn may(self, right: Right) -> bool {
        self.rights().contains(&right)
    }

    /// As written in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Clerk => "clerk",
            Self::Lead => "lead",
            Self::Admin => "admin",
            Self::Reader => "reader",
        }
    }

    /// The role that is written so.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// Whether a second factor must be set up before anything else can be done.
    pub fn needs_second_factor(self) -> bool {
        self == Self::Admin
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_only_looks_and_an_admin_may_everything() {
        assert_eq!(Role::Reader.rights(), [Right::SeeDay]);
        assert!(Right::ALL.into_iter().all(|right| Role::Admin.may(right)));
        for role in Role::ALL {
            assert!(role.may(Right::SeeDay), "{role:?}");
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        assert!(!Role::Phone.may(Right::Serve) && !Role::Clerk.may(Right::CloseCounters));
    }
}
