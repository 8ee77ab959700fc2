"""The bearer token for X, as the settings give it."""

import re

from connectors.x.errors import TOKEN_NAME, CredentialsRefused
from flows.settings import Settings


def bearer_token(settings: Settings) -> str:
    """The token, without blanks around it.

    Raises:
        CredentialsRefused: there is none, or it cannot be one: http would quote it in its complaint.
    """
    token = settings.x_bearer_token.get_secret_value().strip() if settings.x_bearer_token else ""
    if not token:
        raise CredentialsRefused(f"X: {TOKEN_NAME} is not set. Mend: put it into the environment or into .env")
    if not re.fullmatch(r"[!-~]+", token):
        raise CredentialsRefused(
            f"X: {TOKEN_NAME} holds blanks, line breaks or letters that no token has. "
            "Mend: the token alone, without `Bearer` and without quotes"
        )
    return token
