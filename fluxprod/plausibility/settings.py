"""Settings of the plausibility tests."""

import re

from pydantic import field_validator

from fluxprod.core.settings import Settings, parameter

KEY = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+:.+")


class PlausibilitySettings(Settings):
    """Findings that do not stop the run, although they are implausible."""

    accept: list[str] = parameter(
        "Findings that are accepted, each written TEST:SUBJECT as in the table of the stage; the "
        "product names them",
        "",
    )

    @field_validator("accept")
    @classmethod
    def _name_a_test_and_a_subject(cls, accept: list[str]) -> list[str]:
        wrong = [key for key in accept if not KEY.fullmatch(key)]
        if wrong:
            raise ValueError(f"{wrong}, which is not TEST:SUBJECT, such as towers.position:US-Ha1")
        if len(set(accept)) < len(accept):
            raise ValueError(f"{accept}, which names a finding twice")
        return accept
