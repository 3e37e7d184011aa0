//! doorstroom-report.
