//! doorstroom-output.
