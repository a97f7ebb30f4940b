"""The words for people: what notes, reasons and changes say."""
