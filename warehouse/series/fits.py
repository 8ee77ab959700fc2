"""Panels with their baselines, by all that a fit rests on: whoever asks again gets the one that was fitted."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from warehouse.effects.estimate.study import Study
from warehouse.effects.spec import Spec
from warehouse.series.digests import digest_of
from warehouse.series.events import CampaignEvent
from warehouse.series.source import SeriesKey, SourcePanel


@dataclass(slots=True)
class Fits:
    """What was read and fitted of one campaign; large, so nobody keeps it longer than the campaign is looked at."""

    panels: dict[SeriesKey, list[SourcePanel]] = field(default_factory=dict)  # that are described, as read
    _studies: dict[str, Study] = field(init=False, default_factory=dict)

    def study(self, panel: SourcePanel, events: Sequence[CampaignEvent], spec: Spec) -> Study:
        """The panel with its baseline, fitted now or before."""
        # Whose numbers they are changes no fit: national gifts are all gifts where no source is local.
        key = replace(panel.key, source_kind="", source_id="", scope="", precision="")
        digest = digest_of((replace(panel, key=key), tuple(events), spec))
        if digest not in self._studies:
            self._studies[digest] = Study(panel.fit(list(events), spec))
        return self._studies[digest]
