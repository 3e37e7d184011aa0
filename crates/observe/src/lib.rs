//! doorstroom-observe.
