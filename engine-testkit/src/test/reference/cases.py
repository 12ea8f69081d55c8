"""All reference models: importing a module enters its cases."""

import decoders  # noqa: F401
import encoders  # noqa: F401
import experts  # noqa: F401
import gemma4  # noqa: F401
import hybrids  # noqa: F401
import mamba  # noqa: F401
import relatives  # noqa: F401
