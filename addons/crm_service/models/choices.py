def choices_of(model, name):
    """Return the choices of another model's field for a Selection field.

    In the language of the reader: a list that is copied stays in English, as the
    choices of a callable are not translated again.
    """
    return lambda self: self.env[model]._fields[name]._description_selection(self.env)
