//! doorstroom-policy.
