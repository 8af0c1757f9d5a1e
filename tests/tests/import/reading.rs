//! Files of every format, each with what is read from it.

mod broken;
mod calendars;
mod texts;
mod workbooks;
