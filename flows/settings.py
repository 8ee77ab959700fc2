"""Settings from the environment (`AFTERDEBATE_*`) and `.env`: the only reader of either."""

from decimal import Decimal
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What a machine, not a campaign, decides. Secrets never print: they are `SecretStr`."""

    model_config = SettingsConfigDict(env_prefix="AFTERDEBATE_", env_file=".env", extra="ignore")

    home: Path = Field(Path("data"), description="where landing zone, warehouse and published tables live")
    readers: str | None = Field(None, description="group whose members may read what is published; else you alone")
    contact: str | None = Field(None, description="e-mail or page of the operator, sent in the User-Agent")
    host_gap_s: float = Field(1.0, ge=0, description="least seconds between two requests to a host")
    allow_private_hosts: bool = Field(False, description="poll feeds on loopback and private addresses")
    parse_workers: int = Field(2, ge=1, description="processes that parse feeds; each may take 80 MB")
    full_text: bool = Field(False, description="keep the whole text that a feed gives, not a summary; mind the rights")
    x_bearer_token: SecretStr | None = Field(None, description="of the app on X; secret")
    x_api_url: str = Field("https://api.x.com", description="where X is asked")
    x_plan: str = Field("pay-per-use", description="the plan on X: pay-per-use, pro, enterprise, or one of your prices")
    x_cap: Decimal | None = Field(
        None,
        ge=0,
        allow_inf_nan=False,
        description="most dollars for X in a month (UTC), of all campaigns together",
    )
    prices: Path | None = Field(None, description="the price list of X; else prices.toml in the home, else the shipped")
    x_full_archive: bool = Field(False, description="the plan on X has full-archive counts and search")
    bluesky_stream_url: str = Field(
        "wss://jetstream2.us-east.bsky.network/subscribe", description="the Jetstream that is followed for Bluesky"
    )
    bluesky_api_url: str = Field("https://public.api.bsky.app", description="where Bluesky's accounts are asked for")
    actblue_uuid: SecretStr | None = Field(None, description="of ActBlue's CSV API, where a campaign says api = true")
    actblue_secret: SecretStr | None = Field(None, description="of the same API; secret")
    actblue_url: str = Field("https://secure.actblue.com/api/v1", description="where ActBlue is asked")
    donor_key: SecretStr | None = Field(None, description="what givers are hashed with; secret; else made in the home")
    author_key: SecretStr | None = Field(
        None, description="what authors are hashed with; secret; else made in the home"
    )
    alerts: SecretStr | None = Field(None, description="who is alerted: Apprise URLs, parted by spaces; secret")
    alert_coverage: float = Field(0.5, ge=0, le=1, description="alert where less of an event that is on was seen")
    pages_url: str | None = Field(None, description="where the folder reports/ is served; else alerts name the file")
    prefect_database: SecretStr | None = Field(
        None,
        description="of `up`: a URL as postgresql+asyncpg://user:password@host/name; secret; else SQLite in the home",
    )
    bench_data: Path | None = Field(None, description="the folder of real data that benchmarks read")
