//! What happens to every request, one file each. The router puts them in this order, from the
//! outside in: request id, trace, security headers, host, explanations, panic, CSRF, session, body limit;
//! then, for what takes no stream, the time limit and compression.

mod audience;
pub(crate) mod explain;
pub(crate) mod host;
pub(crate) mod security_headers;
pub(crate) mod session;
pub(crate) mod time_limit;
pub(crate) mod trace;

pub(crate) use self::audience::{Audience, NotAllowed};
