"""The settings of a deployed flow: the environment first, then Prefect secrets of the same names."""

from pathlib import Path
from typing import cast

from prefect.blocks.system import Secret
from pydantic import SecretStr

from flows.inputs import settings_for
from flows.private_home import keep_private
from flows.settings import Settings

_SECRETS = ("x_bearer_token", "donor_key", "author_key", "actblue_uuid", "actblue_secret", "alerts")


def settings_in_deployment(home: Path | None) -> Settings:
    """The settings; a secret that the environment lacks comes from its Prefect block, where there is one."""
    settings = settings_for(home)
    keep_private(settings.home, settings.readers)
    found = {name: _secret(name) for name in _SECRETS if getattr(settings, name) is None}
    return settings.model_copy(update={name: SecretStr(value) for name, value in found.items() if value is not None})


def _secret(name: str) -> str | None:
    try:
        # AFTERDEBATE_X_BEARER_TOKEN; a block's name has small letters and hyphens only.
        block = cast("Secret[str]", Secret.load(f"afterdebate-{name.replace('_', '-')}"))  # not awaited outside a loop
    except ValueError:  # Prefect's word for "there is no such block"
        return None
    return block.get()
