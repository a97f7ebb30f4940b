"""The commands about deals and customers."""
