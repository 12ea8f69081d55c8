"""All reference models: importing a module enters its cases."""

import decoders  # noqa: F401
