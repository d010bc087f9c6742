from __future__ import annotations

import hypothesis

# A busy machine is no fault; and a failure must come back on the next run, in CI as here.
hypothesis.settings.register_profile("fastapi-lint", deadline=None, derandomize=True)
hypothesis.settings.load_profile("fastapi-lint")
