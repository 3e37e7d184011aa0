//! doorstroom-process.
