//! stadttermin
