-- What a channel cost and brought.
-- grain:  one row for each channel of channels.csv
-- key:    campaign_id, channel
-- units:  money in `currency`; returns are what gifts and sign-ups that name the channel say: what it moved without being named is not in them
-- column channel: The channel, as gifts and sign-ups carry it.
-- column channel_kind: network, online, field, media or mail.
-- column spent: Money spent on it, in all.
-- column hours: Hours worked in it, in all.
-- column signups: Sign-ups that name it, within its days.
-- column gifts: Gifts that name it, in its currency and within its days.
-- column amount: Their sum.
-- column signups_per_1000: Sign-ups for each thousand of money.
-- column signups_per_1000_ci_low: Lower end of its 95 % interval.
-- column signups_per_1000_ci_high: Upper end.
-- column amount_per_1: Money given for each unit of money spent: under 1 it did not return its cost.
-- column amount_per_1_ci_low: Lower end of its 95 % interval.
-- column amount_per_1_ci_high: Upper end.
-- column signups_per_hour: Sign-ups for each hour worked.
-- column signups_per_hour_ci_low: Lower end of its 95 % interval.
-- column signups_per_hour_ci_high: Upper end.
-- column return_in: What ratio_to_rest compares: signups, or amount where no sign-up names a channel.
-- column ratio_to_rest: What it brought for its money, over what all other channels did in the same weeks; its interval is ci_low to ci_high.
-- column weeks: Weeks in which money was laid out on it and on the others.
CREATE TABLE metrics.channel_scorecard (
    campaign_id VARCHAR NOT NULL,
    channel VARCHAR NOT NULL,
    channel_kind VARCHAR NOT NULL,
    spent DECIMAL(18, 2),
    currency VARCHAR NOT NULL,
    hours DOUBLE,
    signups BIGINT,
    gifts BIGINT,
    amount DECIMAL(18, 2),
    signups_per_1000 DOUBLE,
    signups_per_1000_ci_low DOUBLE,
    signups_per_1000_ci_high DOUBLE,
    amount_per_1 DOUBLE,
    amount_per_1_ci_low DOUBLE,
    amount_per_1_ci_high DOUBLE,
    signups_per_hour DOUBLE,
    signups_per_hour_ci_low DOUBLE,
    signups_per_hour_ci_high DOUBLE,
    return_in VARCHAR,
    ratio_to_rest DOUBLE,
    ci_low DOUBLE,
    ci_high DOUBLE,
    weeks BIGINT,
    coverage DOUBLE,
    status VARCHAR NOT NULL,
    flags VARCHAR[] NOT NULL,
    run_id VARCHAR NOT NULL
);
