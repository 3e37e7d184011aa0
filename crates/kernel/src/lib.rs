//! doorstroom-kernel.
