//! Drives targets through configure, translate, serialize
