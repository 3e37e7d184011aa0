//! doorstroom-state.
