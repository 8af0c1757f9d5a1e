//! The engine rule by rule, question by question, and held against a slow and obvious implementation of the same rules.

mod answers;
mod cases;
mod properties;
mod reference;
mod rules;
mod switch_days;
mod town;
