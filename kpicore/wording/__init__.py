"""What people read of answers, in one room: notes, reasons, changes, inputs. A `Wording` is one language's."""
