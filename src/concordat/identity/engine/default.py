"""The model that ships: what is believed of police person records before any are looked at.

Its figures are round on purpose. They are judgements, informed by what is published of how such
records differ (the dictionary of minimum POLE standards, studies of typing errors, the name
errors that inspectors describe), and not fitted to any file. `train` starts from them.
"""

import json
from functools import cache
from importlib.resources import files

from concordat.identity.engine.model import Model


@cache
def default_model() -> Model:
    """Return the model that ships with the engine."""
    text = files("concordat.identity.engine").joinpath("default_model.json").read_text("utf-8")
    return Model.from_dict(json.loads(text))
