-- What advertisers paid for the spots shown with a title, by day, region and device.
WITH shown AS (
    SELECT
        n,
        day,
        1 + CASE WHEN chance(n, 121) < 0.65 THEN titles - 1 - floor(titles * chance(n, 122) * chance(n, 122))::INTEGER
        ELSE floor(60 * chance(n, 123) * chance(n, 123))::INTEGER END AS title_id,
        400 + floor(chance(n, 124) * 1600)::INTEGER AS impressions
    FROM (SELECT day, unnest(range("first", "end")) AS n FROM slots WHERE fact = 'ads' AND month BETWEEN getvariable('from_month') AND getvariable('to_month')) AS slots
    JOIN days USING (day)
)
SELECT
    n + 1 AS ad_id,
    day AS served_on,
    title_id,
    pick(n, 125, [1, 1, 1, 1, 1, 1, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 6, 7, 8, 9, 10, 11, 12]) AS region_id,
    1 + floor(chance(n, 126) * 14)::INTEGER AS device_id,
    pick(n, 127, ['Retail', 'Retail', 'Retail', 'Travel', 'Automotive', 'Finance', 'Food', 'Food', 'Technology']) AS sector,
    impressions,
    floor(impressions * (0.004 + 0.016 * chance(n, 128)))::INTEGER AS clicks,
    -- The last quarter of a year is dearest.
    (impressions * (0.009 + 0.006 * chance(n, 129)) * CASE WHEN month(day) >= 10 THEN 1.25 ELSE 1 END)::DECIMAL(12, 2) AS revenue_usd,
    day AS loaded_on
FROM shown
