"""What a student meets: ``pytest exercises``, and the checks of a notebook."""
