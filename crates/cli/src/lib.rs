//! doorstroom.
