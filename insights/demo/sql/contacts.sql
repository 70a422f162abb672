-- Every time a customer asked support for something. Six in ten say afterwards how it was, from 1 to 10.
WITH asked AS (
    SELECT
        n,
        day,
        customer_id,
        day = getvariable('outage_day') AND chance(n, 142) < 1 - 1 / getvariable('outage_contacts') AS about_outage,
        day >= getvariable('mix_from') AS shifted
    FROM (SELECT day, month, unnest(range("first", "end")) AS n FROM slots WHERE fact = 'contacts' AND month BETWEEN getvariable('from_month') AND getvariable('to_month')) AS slots
    JOIN sizes USING (month)
    JOIN active ON active.month = slots.month AND active.place = floor(chance(n, 141) * sizes.places)::BIGINT
),
handled AS (
    SELECT asked.*, methods.contact_method, methods.score, methods.hours
    FROM asked JOIN methods
        ON chance(n, 143) >= CASE WHEN shifted THEN low_after ELSE low_before END AND chance(n, 143) < CASE WHEN shifted THEN high_after ELSE high_before END
)
SELECT
    n + 1 AS contact_id,
    clock(day, pick(n, 144, [8, 9, 9, 10, 10, 10, 11, 11, 12, 13, 14, 14, 15, 15, 16, 17, 18, 19, 20, 21]), n, 145) AS opened_at,
    -- One caller in 25 cannot be matched to an account.
    CASE WHEN chance(n, 146) < 0.04 THEN NULL WHEN chance(n, 146) < 0.043 THEN 900000000 + customer_id ELSE customer_id END AS customer_id,
    CASE WHEN about_outage THEN getvariable('outage_topic')
    ELSE pick(n, 147, ['Billing', 'Billing', 'Billing', 'Playback', 'Playback', 'Playback', 'Account', 'Account', 'Content', 'Delivery']) END AS topic,
    contact_method,
    chance(n, 148) < 0.93 AS resolved,
    CASE WHEN chance(n, 148) < 0.93 THEN round(hours * (0.3 + 1.4 * chance(n, 149)), 1) END AS hours_to_resolve,
    CASE WHEN chance(n, 150) < 0.6 THEN
        floor(score + CASE WHEN shifted THEN getvariable('mix_better') ELSE 0 END + chance(n, 151) + pick(n, 152, [-1, 0, 1]))::INTEGER
    END AS score,
    day AS loaded_on
FROM handled
