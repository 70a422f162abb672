-- What was spent on a campaign in a region on a day; every channel has one campaign each half-year.
SELECT
    n + 1 AS spend_id,
    day AS spent_on,
    pick(n, 131, [0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 4, 5]) * 6 + 1 + days.month // 6 AS campaign_id,
    pick(n, 132, [1, 1, 1, 1, 1, 1, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 6, 7, 8, 9, 10, 11, 12]) AS region_id,
    (18 * level * (0.5 + chance(n, 133)))::DECIMAL(12, 2) AS spend_usd,
    day AS loaded_on
FROM (SELECT day, unnest(range("first", "end")) AS n FROM slots WHERE fact = 'marketing' AND month BETWEEN getvariable('from_month') AND getvariable('to_month')) AS slots
JOIN days USING (day)
