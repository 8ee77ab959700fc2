-- The territories that a territory lies in, itself among them.
-- grain:  one row for each territory and each that it lies in
-- key:    campaign_id, territory, whole
-- units:  steps_up and level in steps
-- column whole: The territory itself, its parent, the parent's parent and so on.
-- column steps_up: How many steps `whole` lies above the territory; 0 is itself.
-- column level: How many steps `whole` lies below the topmost; territories of one level do not overlap.
WITH RECURSIVE ways_up AS (
    SELECT campaign_id, territory, territory AS whole, 0 AS steps_up
    FROM staging.territories
    UNION ALL
    SELECT w.campaign_id, w.territory, t.parent AS whole, w.steps_up + 1 AS steps_up
    FROM ways_up AS w
    INNER JOIN staging.territories AS t ON w.campaign_id = t.campaign_id AND w.whole = t.territory
    WHERE t.parent IS NOT NULL
)

SELECT campaign_id, territory, whole, steps_up, max(steps_up) OVER (PARTITION BY campaign_id, territory) - steps_up AS level
FROM ways_up
